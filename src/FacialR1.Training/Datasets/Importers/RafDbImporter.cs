using System.Globalization;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>RAF-DB, basic emotions: the list file of its owners (with the spelling it is shipped under), or the numbered folders of mirrors.</summary>
public sealed class RafDbImporter : DatasetImporter
{
    private static readonly Emotion[] ByNumber = [Emotion.Surprise, Emotion.Fear, Emotion.Disgust, Emotion.Happiness, Emotion.Sadness, Emotion.Anger, Emotion.Neutral];

    public override string Kind => "raf-db";
    public override string Title => "RAF-DB";
    public override string Licence => "For non-commercial research, by agreement with the PRIS laboratory; pictures may not be passed on.";
    public override string LabelNote => "Emotion labels from about 40 raters a picture; no action unit labels.";
    public override string Layout => "EmoLabel/list_patition_label.txt with lines \"train_00001.jpg 5\" and pictures Image/aligned/train_00001_aligned.jpg; or folders train/1 … train/7 and test/1 … test/7";

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        var table = Path.Combine(source, "EmoLabel", "list_patition_label.txt");
        if (File.Exists(table)) return ReadList(source, table, report);
        var root = Directory.Exists(Path.Combine(source, "DATASET")) ? Path.Combine(source, "DATASET") : source;
        if (!Directory.Exists(Path.Combine(root, "train")) && !Directory.Exists(Path.Combine(root, "test"))) throw NotThere(source, table);
        return ReadFolders(source, root, report);
    }

    private static IEnumerable<ImportedPicture> ReadList(string source, string table, ImportReport report)
    {
        foreach (var (index, line) in File.ReadLines(table).Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var from = string.Create(CultureInfo.InvariantCulture, $"{table}, line {index + 1}");
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2 || !BenchmarkPath.IsInside(parts[0])) { report.Skip(from, "a picture name and a label are expected"); continue; }
            if (!TryEmotion(parts[1], out var emotion)) { report.Skip(from, "the label is not a number from 1 to 7"); continue; }
            var name = Path.GetFileNameWithoutExtension(parts[0]);
            var split = name.Split('_')[0];
            if (split is not ("train" or "test")) { report.Skip(from, "the name starts with neither train_ nor test_"); continue; }
            var file = new[] { $"aligned/{name}_aligned.jpg", $"original/{name}.jpg" }.Select(candidate => Path.Combine(source, "Image", candidate)).FirstOrDefault(File.Exists)
                ?? Path.Combine(source, "Image", "aligned", $"{name}_aligned.jpg");
            yield return new ImportedPicture(new BenchmarkSample(name, Below(source, file), new ResponseLabels(emotion, null)) { Split = split, RawLabel = parts[1] }, file, null, from);
        }
    }

    private static IEnumerable<ImportedPicture> ReadFolders(string source, string root, ImportReport report)
    {
        foreach (var split in (string[])["train", "test"])
        {
            var folder = Path.Combine(root, split);
            if (!Directory.Exists(folder)) continue;
            foreach (var label in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            {
                if (!TryEmotion(Path.GetFileName(label), out var emotion)) { report.Skip(label, "the folder is not named with a number from 1 to 7"); continue; }
                foreach (var file in Directory.EnumerateFiles(label).Order(StringComparer.Ordinal))
                    yield return new ImportedPicture(new BenchmarkSample(Path.GetFileNameWithoutExtension(file).Replace("_aligned", "", StringComparison.Ordinal), Below(source, file), new ResponseLabels(emotion, null))
                        { Split = split, RawLabel = Path.GetFileName(label) }, file, null, file);
            }
        }
    }

    private static bool TryEmotion(string label, out Emotion emotion)
    {
        emotion = default;
        if (!int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > ByNumber.Length) return false;
        emotion = ByNumber[number - 1];
        return true;
    }
}
