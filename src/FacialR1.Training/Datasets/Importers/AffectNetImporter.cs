using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>AffectNet: the compact version with one label file per picture, or the full version with its CSV files.</summary>
public sealed class AffectNetImporter : DatasetImporter
{
    private const int Contempt = 7;
    private static readonly Emotion[] ByNumber = [Emotion.Neutral, Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Fear, Emotion.Disgust, Emotion.Anger];

    public override string Kind => "affectnet";
    public override string Title => "AffectNet (seven emotions)";
    public override string Licence => "For research, by agreement with the University of Denver; pictures may not be passed on.";
    public override string LabelNote => "Emotion labels from one annotator a picture; contempt is left out (seven-emotion protocol); no action unit labels.";
    public override string Layout => "train_set/images/1.jpg with train_set/annotations/1_exp.npy and the same in val_set; or training.csv and validation.csv with Manually_Annotated_Images/";

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        (string Folder, string Split)[] compact = [("train_set", "train"), ("val_set", "val")];
        if (compact.Any(part => Directory.Exists(Path.Combine(source, part.Folder, "annotations"))))
            return compact.Where(part => Directory.Exists(Path.Combine(source, part.Folder, "annotations"))).SelectMany(part => ReadCompact(source, part.Folder, part.Split, report));
        (string File, string Split)[] tables = [("training.csv", "train"), ("validation.csv", "val")];
        if (tables.Any(table => File.Exists(Path.Combine(source, table.File))))
            return tables.Where(table => File.Exists(Path.Combine(source, table.File))).SelectMany(table => ReadTable(source, Path.Combine(source, table.File), table.Split, report));
        throw NotThere(source, "train_set/annotations, val_set/annotations, training.csv or validation.csv");
    }

    private static IEnumerable<ImportedPicture> ReadCompact(string source, string folder, string split, ImportReport report)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, folder, "annotations"), "*_exp.npy").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file)[..^"_exp.npy".Length];
            if (Scalar(file) is not { } label) { report.Skip(file, "one number or short text in NumPy format is expected"); continue; }
            if (EmotionOf(label, file, report) is not { } emotion) continue;
            var picture = Path.Combine(source, folder, "images", $"{name}.jpg");
            yield return new ImportedPicture(new BenchmarkSample($"{split}-{name}", Below(source, picture), new ResponseLabels(emotion, null)) { Split = split, RawLabel = label }, picture, null, file);
        }
    }

    private static IEnumerable<ImportedPicture> ReadTable(string source, string table, string split, ImportReport report)
    {
        using var lines = File.ReadLines(table).GetEnumerator();
        var header = lines.MoveNext() ? lines.Current.Trim().Split(',') : [];
        var (pathAt, labelAt) = (Array.IndexOf(header, "subDirectory_filePath"), Array.IndexOf(header, "expression"));
        if (pathAt < 0 || labelAt < 0) throw new DataFormatException($"{table}, line 1: the columns subDirectory_filePath and expression are expected, not \"{string.Join(", ", header.Take(6))}\".");
        for (var number = 2; lines.MoveNext(); number++)
        {
            if (string.IsNullOrWhiteSpace(lines.Current)) continue;
            var from = string.Create(CultureInfo.InvariantCulture, $"{table}, line {number}");
            var cells = lines.Current.Split(',');
            if (cells.Length < header.Length || !BenchmarkPath.IsInside(cells[pathAt])) { report.Skip(from, $"{header.Length} columns with a path inside the picture folder are expected"); continue; }
            if (EmotionOf(cells[labelAt].Trim(), from, report) is not { } emotion) continue;
            var picture = Path.Combine(source, "Manually_Annotated_Images", cells[pathAt].Trim());
            yield return new ImportedPicture(
                new BenchmarkSample($"{split}-{cells[pathAt].Trim()}", Below(source, picture), new ResponseLabels(emotion, null)) { Split = split, RawLabel = cells[labelAt].Trim() }, picture, null, from);
        }
    }

    private static Emotion? EmotionOf(string label, string from, ImportReport report)
    {
        if (!int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 10) report.Skip(from, "the label is not a number from 0 to 10");
        else if (number == Contempt) report.Skip(from, "contempt is not among the seven emotions");
        else if (number > Contempt) report.Skip(from, "the picture has no emotion label (none, uncertain or no face)");
        else return ByNumber[number];
        return null;
    }

    /// <summary>A NumPy scalar: text of a fixed width or a whole number, little-endian; null when it is neither.</summary>
    private static string? Scalar(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes.Length < 12 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8)) return null;
        var isLong = bytes[6] >= 2;
        var start = isLong ? 12L + BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)) : 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        if (start > bytes.Length) return null;
        var header = Encoding.ASCII.GetString(bytes, 10, (int)start - 10);
        var body = bytes.AsSpan((int)start);
        if (header.Contains("'<U", StringComparison.Ordinal)) return Encoding.UTF32.GetString(body).TrimEnd('\0').Trim();
        if (header.Contains("'<i8'", StringComparison.Ordinal) && body.Length == 8) return BinaryPrimitives.ReadInt64LittleEndian(body).ToString(CultureInfo.InvariantCulture);
        return header.Contains("'<i4'", StringComparison.Ordinal) && body.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(body).ToString(CultureInfo.InvariantCulture) : null;
    }
}
