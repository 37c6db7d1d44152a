using System.Globalization;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>BP4D: one CSV per subject and task with a 0/1 column per unit (9 where it was not coded), and the frames of the 2D sequences.</summary>
public sealed class Bp4dImporter : DatasetImporter
{
    private const int Present = 1, NotCoded = 9;
    private static readonly int[] Published = [1, 2, 4, 6, 7, 10, 12, 14, 15, 17, 23, 24];
    private static readonly int[] Annotated = [1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 27, 28, 30, 32, 34, 38, 39];

    public override string Kind => "bp4d";
    public override string Title => "BP4D-Spontaneous";
    public override string Licence => "For research, by agreement with Binghamton University; pictures may not be passed on.";
    public override string LabelNote => "Action unit occurrence coded by FACS experts frame by frame; no emotion labels.";
    public override string Layout =>
        "AUCoding/AU_OCC/F001_T1.csv (or AUCoding/F001_T1.csv): a header row of AU numbers, then frame,0/1/9,…; frames as Sequences(2D+3D)/F001/T1/2440.jpg (3 or 4 digits)";

    public override IReadOnlyList<int> Units(ImportChoices choices) => choices.AllUnits ? Annotated : Published;

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        var nested = Path.Combine(source, "AUCoding", "AU_OCC");
        var coding = Directory.Exists(nested) ? nested : Path.Combine(source, "AUCoding");
        if (!Directory.Exists(coding)) throw NotThere(source, coding);
        foreach (var file in Directory.EnumerateFiles(coding, "*.csv").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file).Split('_');
            if (name.Length != 2) { report.Skip(file, "the name is not subject_task.csv"); continue; }
            foreach (var picture in ReadTask(source, file, name[0], name[1], choices, report)) yield return picture;
        }
    }

    private IEnumerable<ImportedPicture> ReadTask(string source, string file, string subject, string task, ImportChoices choices, ImportReport report)
    {
        using var lines = File.ReadLines(file).GetEnumerator();
        if (!lines.MoveNext()) { report.Skip(file, "the file is empty"); yield break; }
        var header = lines.Current.Split(',');
        var units = Units(choices);
        var columns = units.Select(unit => Array.FindIndex(header, 1, cell => int.TryParse(cell, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && number == unit)).ToArray();
        if (Array.IndexOf(columns, -1) is >= 0 and var absent)
            throw new DataFormatException($"{file}, line 1: there is no column of AU {units[absent]}. A header row of AU numbers is expected, starting after the frame column.");

        var frames = Frames(Path.Combine(source, "Sequences(2D+3D)", subject, task));
        if (frames.Count == 0) { report.Skip(file, "the task has no frames in Sequences(2D+3D)"); yield break; }
        for (var number = 2; lines.MoveNext(); number++)
        {
            if (string.IsNullOrWhiteSpace(lines.Current) || (number - 2) % choices.Every != 0) continue;
            var from = string.Create(CultureInfo.InvariantCulture, $"{file}, line {number}");
            var cells = lines.Current.Split(',');
            if (cells.Length < header.Length || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var frame)) { report.Skip(from, $"a frame and {header.Length - 1} codes are expected"); continue; }
            var codes = columns.Select(column => int.TryParse(cells[column].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : -1).ToArray();
            if (codes.Any(code => code is not (0 or Present or NotCoded))) { report.Skip(from, "codes 0, 1 and 9 are expected"); continue; }
            if (codes.Contains(NotCoded)) { report.Skip(from, "a unit was not coded (9)"); continue; }
            if (!frames.TryGetValue(frame, out var picture)) { report.Skip(from, "the frame is missing among the pictures"); continue; }
            yield return new ImportedPicture(new BenchmarkSample(string.Create(CultureInfo.InvariantCulture, $"{subject}-{task}-{frame:0000}"), Below(source, picture),
                new ResponseLabels(null, [.. units.Where((_, index) => codes[index] == Present)]))
            {
                Subject = subject, Fold = SubjectFolds.Of(subject, SubjectFolds.Bp4d), Metadata = new Dictionary<string, string> { ["task"] = task },
            }, picture, null, from);
        }
    }

    private static Dictionary<int, string> Frames(string folder)
    {
        var frames = new Dictionary<int, string>();
        if (!Directory.Exists(folder)) return frames;
        foreach (var file in Directory.EnumerateFiles(folder, "*.jpg"))
            if (int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var frame)) frames.TryAdd(frame, file);
        return frames;
    }
}
