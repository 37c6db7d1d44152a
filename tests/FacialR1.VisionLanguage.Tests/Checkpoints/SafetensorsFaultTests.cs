using System.Text;
using CsCheck;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Checkpoints;

/// <summary>Damaged files: each message names the file, the tensor and what was expected.</summary>
public sealed class SafetensorsFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string FilePath => folder.File("bad.safetensors");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("[]", 0, "the header is a JSON Array; expected an object of tensors")]
    [InlineData("{\"x\":", 0, "the header is not valid JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "the header is not valid JSON")]
    [InlineData("""{"x":3}""", 0, "tensor 'x': its entry is a JSON Number; expected an object with dtype, shape and data_offsets")]
    [InlineData("""{"x":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "tensor 'x': unknown dtype 'F8_E4M3'; expected one of F32, F16, BF16, F64, I64, I32, I16, I8, U8, BOOL")]
    [InlineData("""{"x":{"shape":[1],"data_offsets":[0,1]}}""", 1, "tensor 'x': unknown dtype (none)")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "tensor 'x': shape must be an array of whole numbers, none negative")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "tensor 'x': shape must be an array of whole numbers, none negative")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "tensor 'x': data_offsets must be [begin, end] with 0 <= begin <= end")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "tensor 'x': data_offsets must be [begin, end]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}""", 20, "tensor 'x': F32 of shape [2, 3] takes 24 bytes, but data_offsets span 20")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,9223372036854775807],"data_offsets":[0,4]}}""", 4, "but data_offsets span 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 5, "tensor 'x': the data is truncated: bytes 0 to 8 were expected, the file holds 5 data bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'y': overlaps 'x': it begins at byte 4, expected 8 or later")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16, "tensor 'y': begins at byte 12, expected 8: bytes between tensors belong to none")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 11, "3 bytes follow the last tensor; expected the file to end there")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__ must map text to text")]
    public void A_bad_header_is_explained(string json, int dataBytes, string expected)
    {
        Write(json, dataBytes);
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(FilePath));
        Assert.StartsWith($"{FilePath}: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Several_faults_are_told_together()
    {
        Write("""{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,4]},"c":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 6);
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(FilePath));
        Assert.Equal(["a", "b", "c"], error.Problems.Select(problem => problem.Tensor));
        Assert.StartsWith("The checkpoint has 3 problems:", error.Message);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "the file has 3 bytes; expected at least the 8 of the header length")]
    [InlineData(new byte[] { 200, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "the header is truncated: 200 bytes were announced, 2 follow")]
    [InlineData(new byte[] { 80, 75, 3, 4, 255, 255, 255, 255, 123, 125 }, "expected at most 100000000. This is not a safetensors file")]
    public void A_file_that_cannot_hold_a_header_is_explained(byte[] content, string expected)
    {
        File.WriteAllBytes(FilePath, content);
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(FilePath));
        Assert.StartsWith($"{FilePath}: ", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void An_absent_file_is_named()
    {
        var error = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(FilePath));
        Assert.Equal($"{FilePath}: the file does not exist; expected a safetensors file.", error.Message);
    }

    [Fact]
    public void Asking_for_an_absent_tensor_names_what_is_there()
    {
        Write("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"y":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2);
        using var file = SafetensorsFile.Open(FilePath);
        var error = Assert.Throws<CheckpointException>(() => file.Read("z"));
        Assert.Equal($"{FilePath}: tensor 'z': is not in the file, which holds 2 tensors: 'x' to 'y'.", error.Message);
    }

    [Fact]
    public void Reading_into_another_shape_is_refused()
    {
        Write("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4);
        using var file = SafetensorsFile.Open(FilePath);
        using var target = zeros([2, 2], ScalarType.Byte);
        var error = Assert.Throws<CheckpointException>(() => file.ReadInto("x", target));
        Assert.Equal($"{FilePath}: tensor 'x': has shape [4]; expected [2, 2].", error.Message);
    }

    [Fact]
    public void Any_damage_to_a_file_is_refused_or_harmless_and_never_an_unexpected_error()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(FilePath, [("first", rand(3, 2)), ("second", rand(4).to(ScalarType.Float16))]);
        var good = File.ReadAllBytes(FilePath);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((place, value, length) =>
        {
            using var inner = NewDisposeScope();
            var bad = good.ToArray();
            bad[place] = value;
            File.WriteAllBytes(FilePath, bad[..length]);
            try
            {
                using var file = SafetensorsFile.Open(FilePath);
                foreach (var name in file.Names) file.Read(name);
            }
            catch (CheckpointException error)
            {
                Assert.Contains(FilePath, error.Message);
            }
        }, iter: 1000, threads: 1);
    }

    private void Write(string json, int dataBytes) =>
        File.WriteAllBytes(FilePath, [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(json)), .. Encoding.UTF8.GetBytes(json), .. new byte[dataBytes]]);
}
