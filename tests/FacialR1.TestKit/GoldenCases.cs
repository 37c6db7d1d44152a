using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.TestKit;

/// <summary>What the reference implementation computes on a tiny checkpoint; the README beside the fixtures explains each tensor.</summary>
public static class GoldenCases
{
    /// <summary>Name of the variable that may point to further folders of the same layout.</summary>
    public const string FolderVariable = "FACIALR1_PARITY_DIR";

    /// <summary>Every case: the committed ones, then those below the folder that the variable names.</summary>
    /// <returns>Checkpoint folder and case name.</returns>
    public static IEnumerable<(string Folder, string Case)> All()
    {
        var committed = RepositoryFiles.At("tests", "FacialR1.VisionLanguage.Tests", "Fixtures", "parity");
        string[] roots = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } more ? [committed, more] : [committed];
        return from root in roots
               from config in Directory.EnumerateFiles(root, "config.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               let folder = Path.GetDirectoryName(config)!
               from file in Directory.EnumerateFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)
               let name = Path.GetFileNameWithoutExtension(file)
               where name != "model" && !name.StartsWith("model-", StringComparison.Ordinal)
               select (folder, name);
    }
}

/// <summary>One case, opened. Tensors that are read belong to the surrounding dispose scope.</summary>
public sealed class GoldenCase : IDisposable
{
    private readonly SafetensorsFile file;

    /// <summary>Opens a case of <see cref="GoldenCases.All"/>.</summary>
    public GoldenCase(string folder, string name) => file = SafetensorsFile.Open(Path.Combine(folder, $"{name}.safetensors"));

    /// <summary>The case has pictures.</summary>
    public bool HasImages => file.Contains("pixel_values");

    /// <summary>Token ids of the prompt.</summary>
    public int[] Ids => [.. Whole("input_ids").Select(id => (int)id)];

    /// <summary>Grids of the pictures; none for text.</summary>
    public IReadOnlyList<PatchGrid> Grids => HasImages
        ? [.. Whole("image_grid_thw").Chunk(3).Select(grid => new PatchGrid((int)grid[0], (int)grid[1], (int)grid[2]))]
        : [];

    /// <summary>Names of the parameters whose gradient norm is recorded.</summary>
    public IEnumerable<string> GradientNames => file.Names.Where(name => name.StartsWith(GradientPrefix, StringComparison.Ordinal)).Select(name => name[GradientPrefix.Length..]);

    private static string GradientPrefix => "grad_norm.";

    /// <summary>2-norm of a parameter's gradient of the loss.</summary>
    public double GradientNorm(string parameter) => Number(GradientPrefix + parameter);

    /// <summary>A tensor as stored.</summary>
    public Tensor Read(string name) => file.Read(name);

    /// <summary>A single number.</summary>
    public double Number(string name)
    {
        using var value = file.Read(name, ScalarType.Float64);
        return value.item<double>();
    }

    /// <summary>A tensor of whole numbers, flattened.</summary>
    public long[] Whole(string name)
    {
        using var value = file.Read(name, ScalarType.Int64);
        return value.data<long>().ToArray();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();
}
