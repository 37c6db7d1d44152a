using System.Text;
using System.Text.Json;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets;

/// <summary>One import: an importer, where it reads and where it writes.</summary>
/// <param name="Importer">Knows the layout.</param>
/// <param name="Source">What it reads.</param>
/// <param name="Target">The benchmark folder to make.</param>
public sealed record DatasetImport(DatasetImporter Importer, string Source, string Target)
{
    private const string PicturesName = "images", PartialName = "samples.jsonl.partial", ReportName = "import-report.json";

    /// <summary>What was chosen.</summary>
    public ImportChoices Choices { get; init; } = new();

    /// <summary>Copy pictures into the benchmark instead of reading them where they are.</summary>
    public bool CopyImages { get; init; }

    /// <summary>Only look and report; nothing is written.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Name of the benchmark; the kind of the importer when left out.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Finds the face in a picture that shows more than one: the square that models will see, as an upload would be cropped. Null takes whole pictures.
    /// A picture in which none is found is left out. A dry run does not look.
    /// </summary>
    public Func<RgbImage, PixelBox?>? FindFace { get; init; }

    /// <summary>Reads, checks and writes. An import that was stopped goes on: samples it has written are not written again.</summary>
    /// <param name="progress">Gets the number of samples so far.</param>
    /// <param name="cancellationToken">Checked between samples.</param>
    /// <exception cref="DataFormatException">The source is something else, holds nothing usable, or the target is taken.</exception>
    public ImportReport Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var source = Path.GetFullPath(Source);
        if (!Directory.Exists(source) && !File.Exists(source)) throw new DataFormatException($"{source} was not found. Expected: {Importer.Layout}");
        if (!IsDryRun && File.Exists(Path.Combine(Target, BenchmarkFolder.ManifestName)))
            throw new DataFormatException($"{Target} holds a benchmark already. Choose another folder with --into, or delete it first.");

        var report = new ImportReport();
        var units = Importer.Units(Choices);
        var isCopying = CopyImages;
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var done = IsDryRun ? [] : WrittenBefore();
        using var output = IsDryRun ? null : new StreamWriter(Path.Combine(Directory.CreateDirectory(Target).FullName, PartialName), append: true, new UTF8Encoding(false));
        foreach (var picture in Importer.Read(source, Choices, report))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sample = picture.Sample;
            if (!seen.TryAdd(sample.Id, picture.From))
            {
                report.Skip(picture.From, $"the id occurs twice (first in {Path.GetFileName(seen[sample.Id])})");
                continue;
            }

            if (picture.File is { } file && !File.Exists(file))
            {
                report.Skip(picture.From, "the picture is missing");
                continue;
            }

            isCopying |= picture.Pixels is not null;
            var isNew = output is not null && !done.Contains(sample.Id);
            if (Refused(picture, isNew, ref sample) is { } reason)
            {
                report.Skip(picture.From, reason);
                continue;
            }

            report.Keep(sample);
            if (report.Kept % 100 == 0) progress?.Report(report.Kept);
            if (!isNew) continue;
            if (isCopying) Store(picture);
            output!.WriteLine(BenchmarkFolder.Line(sample));
        }

        progress?.Report(report.Kept);
        if (report.Kept == 0)
            throw new DataFormatException($"{source} holds no usable sample{(report.Skipped > 0 ? $"; {report.Skipped} were left out, mostly because {report.Reasons[0].Key}" : "")}. Expected: {Importer.Layout}");
        if (output is null) return report;

        output.Dispose();
        File.WriteAllText(Path.Combine(Target, ReportName), report.ToJson());
        File.Move(Path.Combine(Target, PartialName), Path.Combine(Target, BenchmarkFolder.SamplesName), overwrite: true);
        BenchmarkFolder.Write(Target, Importer.Describe(new BenchmarkManifest
        {
            Name = Name ?? Importer.Kind, Title = Importer.Title, LabelNote = Importer.LabelNote, Licence = Importer.Licence, Importer = Importer.Kind, Source = Path.GetFileName(source),
            ActionUnits = [.. units.Select(ActionUnit.CodeOf)], Emotions = [.. report.Emotions.Keys],
            Images = isCopying ? PicturesName : Directory.Exists(source) ? source : Path.GetDirectoryName(source)!,
        }, source));
        return report;
    }

    /// <summary>Why a picture cannot be used; null when it can. Puts the face into the sample where one is looked for.</summary>
    private string? Refused(ImportedPicture picture, bool isNew, ref BenchmarkSample sample)
    {
        try
        {
            if (isNew && FindFace is not null)
            {
                if (FindFace(picture.Pixels?.Invoke() ?? ImageReader.ReadFile(picture.File!)) is not { } face) return "no face was found in the picture";
                sample = sample with { Face = face };
            }
            else if (picture.File is { } file) ImageReader.ReadSize(file);
            return null;
        }
        catch (ImageRejectedException error)
        {
            return $"the picture cannot be read ({error.Reason})";
        }
    }

    private HashSet<string> WrittenBefore()
    {
        var path = Path.Combine(Target, PartialName);
        if (!File.Exists(path)) return [];
        var text = File.ReadAllText(path);
        var whole = text.LastIndexOf('\n') + 1;
        // The end of a line that a kill cut short must go before the next line is appended to it.
        if (whole < text.Length) File.WriteAllText(path, text[..whole]);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            ids.Add(json.RootElement.GetProperty("id").GetString()!);
        }
        return ids;
    }

    private void Store(ImportedPicture picture)
    {
        var target = Path.Combine(Target, PicturesName, picture.Sample.Image.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (picture.Pixels is { } pixels) File.WriteAllBytes(target, ImageWriter.ToPng(pixels()));
        else File.Copy(picture.File!, target, overwrite: true);
    }
}
