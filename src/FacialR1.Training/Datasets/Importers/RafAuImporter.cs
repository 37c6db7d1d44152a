using System.Globalization;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>RAF-AU: one line per picture with codes joined by "+"; emotions come from the distribution file of RAF-ML where it lies beside.</summary>
public sealed class RafAuImporter : DatasetImporter
{
    private static readonly int[] Annotated = [1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 43];

    /// <summary>Columns of RAF-ML's distribution file.</summary>
    private static readonly Emotion[] Columns = [Emotion.Surprise, Emotion.Fear, Emotion.Disgust, Emotion.Happiness, Emotion.Sadness, Emotion.Anger];

    public override string Kind => "raf-au";
    public override string Title => "RAF-AU";
    public override string Licence => "For non-commercial research, by agreement with the PRIS laboratory; pictures may not be passed on.";
    public override string LabelNote => "Action units coded by FACS experts, left and right side merged; emotions are the largest share of raters where RAF-ML was joined.";
    public override string Layout => "RAFAU_label.txt with lines \"0001.jpg 1+2+L5\" or \"0002.jpg null\", pictures in aligned/0001_aligned.jpg, and optionally EmoLabel/distribution.txt of RAF-ML";

    public override IReadOnlyList<int> Units(ImportChoices choices) => Annotated;

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        var table = Path.Combine(source, "RAFAU_label.txt");
        if (!File.Exists(table)) throw NotThere(source, table);
        var emotions = EmotionsOf(Path.Combine(source, "EmoLabel", "distribution.txt"), report);
        foreach (var (index, line) in File.ReadLines(table).Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var from = string.Create(CultureInfo.InvariantCulture, $"{table}, line {index + 1}");
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2 || !BenchmarkPath.IsInside(parts[0])) { report.Skip(from, "a picture name and codes joined by \"+\" are expected"); continue; }
            var name = Path.GetFileNameWithoutExtension(parts[0]);
            var units = new SortedSet<int>();
            var outside = parts[1] == "null" ? null : parts[1].Split('+').FirstOrDefault(code => !TryUnit(code, units));
            if (outside is not null) { report.Skip(from, $"the code \"{outside}\" is none of the {Annotated.Length} annotated units"); continue; }
            if (parts[1].Contains('L') || parts[1].Contains('R')) report.Note("codes of one side of the face (L, R) count for the whole face");
            if (parts[1] == "null") report.Note("\"null\" is read as a face without action units");
            var file = new[] { $"{name}_aligned.jpg", $"{name}.jpg" }.Select(candidate => Path.Combine(source, "aligned", candidate)).FirstOrDefault(File.Exists)
                ?? Path.Combine(source, "aligned", $"{name}_aligned.jpg");
            yield return new ImportedPicture(new BenchmarkSample(name, Below(source, file), new ResponseLabels(emotions.TryGetValue(name, out var emotion) ? emotion : null, units)) { RawLabel = parts[1] }, file, null, from);
        }
    }

    private static bool TryUnit(string code, SortedSet<int> units)
    {
        var digits = code.Length > 1 && code[0] is 'L' or 'R' ? code.AsSpan(1) : code;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var unit) || !Annotated.Contains(unit)) return false;
        units.Add(unit);
        return true;
    }

    private static Dictionary<string, Emotion> EmotionsOf(string file, ImportReport report)
    {
        var emotions = new Dictionary<string, Emotion>(StringComparer.Ordinal);
        if (!File.Exists(file)) return emotions;
        foreach (var (index, line) in File.ReadLines(file).Index())
        {
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0) continue;
            var shares = parts.Skip(1).Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : -1).ToArray();
            if (shares.Length != Columns.Length || shares.Any(share => share < 0)) { report.Skip(string.Create(CultureInfo.InvariantCulture, $"{file}, line {index + 1}"), "a picture name and six shares are expected"); continue; }
            emotions[Path.GetFileNameWithoutExtension(parts[0])] = Columns[Array.IndexOf(shares, shares.Max())];
        }
        return emotions;
    }
}
