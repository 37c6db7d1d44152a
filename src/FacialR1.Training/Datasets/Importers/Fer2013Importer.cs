using System.Globalization;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>FER2013, as the CSV of the challenge or as the folders it is often passed on in.</summary>
public sealed class Fer2013Importer : DatasetImporter
{
    private const int Side = 48;
    private static readonly Emotion[] ByNumber = [Emotion.Anger, Emotion.Disgust, Emotion.Fear, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Neutral];
    private static readonly Dictionary<string, string> Splits = new(StringComparer.Ordinal) { ["Training"] = "train", ["PublicTest"] = "val", ["PrivateTest"] = "test" };

    public override string Kind => "fer2013";
    public override string Title => "FER2013";
    public override string Licence => "Open Database License as published for the ICML 2013 challenge; the pictures belong to their authors.";
    public override string LabelNote => "Emotion labels from web search terms, checked by few people and noisy; no action unit labels.";
    public override string Layout => "fer2013.csv with the columns emotion, pixels (2,304 grey levels), Usage; or folders train/angry … train/surprise and test/angry …";

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        var table = File.Exists(source) ? source : Path.Combine(source, "fer2013.csv");
        if (File.Exists(table)) return ReadTable(table, report);
        if (!Directory.Exists(Path.Combine(source, "train")) && !Directory.Exists(Path.Combine(source, "test"))) throw NotThere(source, "fer2013.csv, train or test");
        return ReadFolders(source, report);
    }

    private static IEnumerable<ImportedPicture> ReadTable(string table, ImportReport report)
    {
        using var lines = File.ReadLines(table).GetEnumerator();
        var header = lines.MoveNext() ? lines.Current.Trim().Split(',').Select(cell => cell.Trim()).ToArray() : [];
        var (emotionAt, pixelsAt, usageAt) = (Array.IndexOf(header, "emotion"), Array.IndexOf(header, "pixels"), Array.IndexOf(header, "Usage"));
        if (emotionAt < 0 || pixelsAt < 0 || usageAt < 0)
            throw new DataFormatException($"{table}, line 1: the columns are \"{string.Join(", ", header.Take(6))}\"; emotion, pixels and Usage are expected.");
        for (var number = 2; lines.MoveNext(); number++)
        {
            if (string.IsNullOrWhiteSpace(lines.Current)) continue;
            var from = string.Create(CultureInfo.InvariantCulture, $"{table}, line {number}");
            var cells = lines.Current.Split(',');
            if (cells.Length != header.Length) { report.Skip(from, $"{header.Length} columns are expected"); continue; }
            if (!int.TryParse(cells[emotionAt], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var label) || label < 0 || label >= ByNumber.Length) { report.Skip(from, "the emotion is not a number from 0 to 6"); continue; }
            if (!Splits.TryGetValue(cells[usageAt].Trim(), out var split)) { report.Skip(from, "Usage is none of Training, PublicTest and PrivateTest"); continue; }
            if (Pixels(cells[pixelsAt]) is not { } pixels) { report.Skip(from, "2,304 grey levels from 0 to 255 are expected"); continue; }
            var id = string.Create(CultureInfo.InvariantCulture, $"{split}-{number - 2:00000}");
            yield return new ImportedPicture(new BenchmarkSample(id, $"{split}/{id}.png", new ResponseLabels(ByNumber[label], null)) { Split = split, RawLabel = cells[emotionAt].Trim() },
                null, () => new RgbImage(Side, Side, pixels), from);
        }
    }

    private static byte[]? Pixels(string cell)
    {
        var parts = cell.Trim().Trim('"').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Side * Side) return null;
        var pixels = new byte[3 * parts.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            if (!byte.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var level)) return null;
            (pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2]) = (level, level, level);
        }
        return pixels;
    }

    private static IEnumerable<ImportedPicture> ReadFolders(string source, ImportReport report)
    {
        foreach (var split in (string[])["train", "val", "test"])
        {
            var folder = Path.Combine(source, split);
            if (!Directory.Exists(folder)) continue;
            foreach (var label in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            {
                if (!Emotions.TryParse(Path.GetFileName(label), out var emotion)) { report.Skip(label, "the folder is not named after one of the seven emotions"); continue; }
                foreach (var file in Directory.EnumerateFiles(label).Order(StringComparer.Ordinal))
                    yield return new ImportedPicture(new BenchmarkSample($"{split}-{Path.GetFileName(label)}-{Path.GetFileNameWithoutExtension(file)}", Below(source, file), new ResponseLabels(emotion, null))
                        { Split = split, RawLabel = Path.GetFileName(label) }, file, null, file);
            }
        }
    }
}
