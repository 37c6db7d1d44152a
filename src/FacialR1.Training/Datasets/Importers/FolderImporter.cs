using FacialR1.Training.Data;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>Our own folder format, from somewhere else: checks every line and picture before it is used.</summary>
public sealed class FolderImporter : DatasetImporter
{
    private static readonly int[] Every = [.. Analysis.Facs.ActionUnits.All.Select(unit => unit.Number)];

    public override string Kind => "folder";
    public override string Title => "A folder in our own format";
    public override string Licence => "As its benchmark.json says.";
    public override string LabelNote => "As its benchmark.json says.";
    public override string Layout => "benchmark.json and samples.jsonl as in docs/benchmark-format.md";

    public override IReadOnlyList<int> Units(ImportChoices choices) => Every;

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        if (!Directory.Exists(source)) throw new DataFormatException($"{source} is not a folder. Expected: {Layout}");
        var benchmark = BenchmarkFolder.Load(source);
        var pictures = Path.GetFullPath(BenchmarkFolder.Manifest(source).Images ?? ".", source);
        foreach (var sample in benchmark.Samples)
            yield return new ImportedPicture(sample, Path.Combine(pictures, sample.Image.Replace('/', Path.DirectorySeparatorChar)), null, $"{Path.Combine(source, BenchmarkFolder.SamplesName)}, sample {sample.Id}");
    }

    /// <summary>The manifest goes along unchanged except for where the pictures lie.</summary>
    public override BenchmarkManifest Describe(BenchmarkManifest usual, string source)
    {
        var own = BenchmarkFolder.Manifest(source);
        return own with { Importer = Kind, Images = usual.Images is { } images && Path.IsPathRooted(images) ? Path.GetFullPath(own.Images ?? ".", source) : usual.Images };
    }
}
