using System.Globalization;
using System.Text.Json;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>FABA-Instruct: the evaluation files, which carry labels and reference texts. The training files carry text only and are reported as such.</summary>
public sealed class FabaInstructImporter : DatasetImporter
{
    private static readonly int[] Annotated = [1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 16, 17, 20, 23, 24, 25, 26, 27, 43];
    private static readonly Emotion[] ByNumber = [Emotion.Happiness, Emotion.Sadness, Emotion.Surprise, Emotion.Anger, Emotion.Neutral, Emotion.Disgust, Emotion.Fear];

    public override string Kind => "faba-instruct";
    public override string Title => "FABA-Instruct";
    public override string Licence => "For research; its pictures come from AffectNet and need that agreement.";
    public override string LabelNote => "Labels and reference texts written by a language model and checked by people.";
    public override string Layout => "FABAInstruct/eval/*_au_anno.json and *_emotion_anno.json (arrays with image, label and gpt4), pictures in FABAInstruct/eval/images; the same in train";

    public override IReadOnlyList<int> Units(ImportChoices choices) => Annotated;

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        var root = Directory.Exists(Path.Combine(source, "FABAInstruct")) ? Path.Combine(source, "FABAInstruct") : source;
        (string Folder, string Split)[] parts = [("train", "train"), ("eval", "test")];
        var files = parts.Where(part => Directory.Exists(Path.Combine(root, part.Folder)))
            .Select(part => (part.Folder, part.Split, Files: Directory.EnumerateFiles(Path.Combine(root, part.Folder), "*_anno.json").Order(StringComparer.Ordinal).ToArray())).ToArray();
        if (files.All(part => part.Files.Length == 0)) throw NotThere(source, "eval/*_au_anno.json or eval/*_emotion_anno.json");

        foreach (var (folder, split, tables) in files)
        {
            // One picture may be in both tasks: it becomes one sample with both labels.
            var merged = new Dictionary<string, ImportedPicture>(StringComparer.Ordinal);
            foreach (var table in tables)
                foreach (var picture in ReadTable(source, Path.Combine(root, folder, "images"), table, split, report))
                    merged[picture.Sample.Id] = merged.TryGetValue(picture.Sample.Id, out var before) ? Joined(before, picture) : picture;
            foreach (var picture in merged.Values) yield return picture;
        }
    }

    private static IEnumerable<ImportedPicture> ReadTable(string source, string pictures, string table, string split, ImportReport report)
    {
        var isUnits = Path.GetFileName(table).Contains("_au_", StringComparison.Ordinal);
        using var document = Parsed(table);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, entry) in document.RootElement.EnumerateArray().Index())
        {
            var from = string.Create(CultureInfo.InvariantCulture, $"{table}, entry {index + 1}");
            if (entry.ValueKind != JsonValueKind.Object || Text(entry, "image") is not { Length: > 0 } name || !BenchmarkPath.IsInside(name)) { report.Skip(from, "image is missing or no plain file name"); continue; }
            if (!entry.TryGetProperty("label", out var label)) { report.Skip(from, "it has no label (training entries carry text only)"); continue; }
            if (LabelsOf(label, isUnits) is not { } labels) { report.Skip(from, isUnits ? "unit numbers separated by \", \" are expected as label" : "a number from 0 to 6 or an emotion is expected as label"); continue; }
            if (!names.Add(name)) { report.Skip(from, $"the picture occurs twice in {Path.GetFileName(table)}"); continue; }
            var file = Path.Combine(pictures, name);
            yield return new ImportedPicture(new BenchmarkSample($"{split}-{Path.GetFileNameWithoutExtension(name)}", Below(source, file), labels)
            {
                Split = split, RawLabel = label.ToString(), Reference = Text(entry, "gpt4"),
            }, file, null, from);
        }
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ResponseLabels? LabelsOf(JsonElement label, bool isUnits)
    {
        var text = label.ToString().Trim();
        if (!isUnits)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number < ByNumber.Length ? new ResponseLabels(ByNumber[number], null) : null;
            return Emotions.TryParse(text, out var emotion) ? new ResponseLabels(emotion, null) : null;
        }

        var units = new SortedSet<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var unit) || !Annotated.Contains(unit)) return null;
            units.Add(unit);
        }
        return new ResponseLabels(null, units);
    }

    private static ImportedPicture Joined(ImportedPicture first, ImportedPicture second)
    {
        var (a, b) = (first.Sample, second.Sample);
        return first with
        {
            Sample = a with
            {
                Labels = new ResponseLabels(a.Labels.Emotion ?? b.Labels.Emotion, a.Labels.ActionUnits ?? b.Labels.ActionUnits),
                Reference = a.Reference ?? b.Reference, RawLabel = $"{a.RawLabel} | {b.RawLabel}",
            },
        };
    }

    private static JsonDocument Parsed(string table)
    {
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(table));
            return document.RootElement.ValueKind == JsonValueKind.Array ? document : throw new JsonException("It is not an array.");
        }
        catch (JsonException error)
        {
            throw new DataFormatException($"{table} cannot be read: {error.Message} A JSON array of entries is expected.", error);
        }
    }
}
