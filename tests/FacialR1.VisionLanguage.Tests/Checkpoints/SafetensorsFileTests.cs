using System.Text;
using CsCheck;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    private string FilePath => folder.File("weights.safetensors");

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_comes_back_as_written(ScalarType type)
    {
        var written = arange(0, 24, ScalarType.Float32).view(2, 3, 4).to(type);
        SafetensorsWriter.Write(FilePath, [("x", written), ("scalar", written[1, 2, 3].clone()), ("nothing", written.narrow(0, 0, 0))]);

        using var file = SafetensorsFile.Open(FilePath);

        Assert.Equal(type, file.Entry("x").Type);
        Assert.Equal([2, 3, 4], file.Entry("x").Shape);
        Assert.True(file.Read("x").IsExactly(written));
        Assert.Empty(file.Entry("scalar").Shape);
        Assert.True(file.Read("scalar").IsExactly(written[1, 2, 3]));
        Assert.Equal([0, 3, 4], file.Read("nothing").shape);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        SafetensorsWriter.Write(FilePath, [("b", tensor([1f, -2f])), ("a", tensor([7], dtype: ScalarType.Byte))], metadata: new Dictionary<string, string> { ["format"] = "pt" });
        var header = """{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7];
        Assert.Equal(expected, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void The_order_in_which_tensors_are_passed_does_not_change_the_file()
    {
        (string, Tensor)[] tensors = [("z", rand(3)), ("a", rand(2, 2)), ("m", rand(5).to(ScalarType.Float16))];
        SafetensorsWriter.Write(FilePath, tensors, metadata: new Dictionary<string, string> { ["x"] = "1", ["b"] = "2" });
        SafetensorsWriter.Write(folder.File("other"), tensors.Reverse(), metadata: new Dictionary<string, string> { ["b"] = "2", ["x"] = "1" });
        Assert.Equal(File.ReadAllBytes(FilePath), File.ReadAllBytes(folder.File("other")));
    }

    [Fact]
    public void Reading_converts_to_the_requested_type()
    {
        var written = rand(4, 5) - 0.5;
        SafetensorsWriter.Write(FilePath, [("x", written)]);
        using var file = SafetensorsFile.Open(FilePath);
        Assert.True(file.Read("x", ScalarType.BFloat16).IsExactly(written.to(ScalarType.BFloat16)));
    }

    [Fact]
    public void Writing_converts_weights_and_leaves_whole_numbers_alone()
    {
        var (weights, numbers) = (rand(4, 5) - 0.5, arange(5));
        SafetensorsWriter.Write(FilePath, [("x", weights.t()), ("n", numbers)], ScalarType.BFloat16);
        using var file = SafetensorsFile.Open(FilePath);
        Assert.True(file.Read("x").IsExactly(weights.t().to(ScalarType.BFloat16)));
        Assert.True(file.Read("n").IsExactly(numbers));
    }

    [Fact]
    public void A_tensor_larger_than_a_piece_comes_back_whole()
    {
        var written = arange(0, ChunkedCopy.ChunkBytes / 4 + 1001, ScalarType.Int32);
        SafetensorsWriter.Write(FilePath, [("x", written)]);
        using var file = SafetensorsFile.Open(FilePath);
        Assert.True(file.Read("x").IsExactly(written));
        Assert.True(file.Read("x", ScalarType.Int64).IsExactly(written.to(ScalarType.Int64)));
    }

    [Fact]
    public void Reading_and_writing_leave_no_tensor_behind()
    {
        var written = rand(4, 5);
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() => SafetensorsWriter.Write(FilePath, [("x", written)], ScalarType.Float16)));
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal(1, LeakCheck.TensorsLeftBy(() => file.Read("x", ScalarType.Float32)));
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() => file.ReadInto("x", written)));
    }

    [Fact]
    public void Metadata_comes_back()
    {
        SafetensorsWriter.Write(FilePath, [("x", rand(1))], metadata: new Dictionary<string, string> { ["step"] = "12", ["note"] = "größer \"als\" 3" });
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal("12", file.Metadata["step"]);
        Assert.Equal("größer \"als\" 3", file.Metadata["note"]);
    }

    [Fact]
    public void Names_may_be_any_text()
    {
        Gen.String.HashSet[1, 8].Where(names => !names.Contains("__metadata__") && names.All(IsWellFormed)).Sample(names =>
        {
            using var inner = NewDisposeScope();
            SafetensorsWriter.Write(FilePath, names.Select((name, index) => (name, tensor(index))).ToList());
            using var file = SafetensorsFile.Open(FilePath);
            foreach (var (name, index) in names.Select((name, index) => (name, index))) Assert.Equal(index, file.Read(name).item<int>());
        }, iter: 50, threads: 1);

        static bool IsWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
    }

    [Fact]
    public void An_interrupted_write_leaves_the_old_file()
    {
        SafetensorsWriter.Write(FilePath, [("x", tensor(1))]);
        using var disposed = rand(3);
        IEnumerable<(string, Tensor)> broken = [("x", tensor(2)), ("y", Sparse())];
        Assert.ThrowsAny<Exception>(() => SafetensorsWriter.Write(FilePath, broken));
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal(1, file.Read("x").item<int>());
        Assert.Single(Directory.GetFiles(folder.Path));

        static Tensor Sparse() => sparse_coo_tensor(tensor(new long[,] { { 0 } }), tensor([1f]), [3L]);
    }

    [Fact]
    public void A_name_that_occurs_twice_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(FilePath, [("x", tensor(1)), ("x", tensor(2))]));
        Assert.Contains("'x' occurs 2 times", error.Message);
    }

    [Fact]
    public void Weights_cannot_be_stored_as_whole_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(FilePath, [("x", rand(2))], ScalarType.Int32));
        Assert.Contains("float32, float16 or bfloat16, not as Int32", error.Message);
    }

    [Fact]
    public void A_closed_file_cannot_be_read()
    {
        SafetensorsWriter.Write(FilePath, [("x", rand(2))]);
        var file = SafetensorsFile.Open(FilePath);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Read("x"));
    }
}
