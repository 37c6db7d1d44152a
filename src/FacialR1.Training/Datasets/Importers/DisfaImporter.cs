using System.Globalization;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>DISFA: one text file per subject and unit with "frame,intensity" lines; the pictures are frames of the left camera.</summary>
public sealed class DisfaImporter : DatasetImporter
{
    private const int Present = 2;
    private static readonly int[] Published = [1, 2, 4, 6, 9, 12, 25, 26];
    private static readonly int[] Annotated = [1, 2, 4, 5, 6, 9, 12, 15, 17, 20, 25, 26];

    public override string Kind => "disfa";
    public override string Title => "DISFA";
    public override string Licence => "For research, by agreement with the University of Denver; pictures may not be passed on.";
    public override string LabelNote => "Action units coded by FACS experts frame by frame, present from intensity 2 of 5 on; no emotion labels.";
    public override string Layout =>
        "ActionUnit_Labels/SN001/SN001_au1.txt … with lines \"frame,intensity\", and frames of the left video as Images/SN001/1.jpg (any padding): " +
        "ffmpeg -i Video_LeftCamera/LeftVideoSN001_comp.avi Images/SN001/%05d.jpg";

    public override IReadOnlyList<int> Units(ImportChoices choices) => choices.AllUnits ? Annotated : Published;

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        var labels = Path.Combine(source, "ActionUnit_Labels");
        if (!Directory.Exists(labels)) throw NotThere(source, labels);
        var units = Units(choices);
        foreach (var folder in Directory.EnumerateDirectories(labels).Order(StringComparer.Ordinal))
        {
            var subject = Path.GetFileName(folder);
            var frames = Frames(source, subject);
            if (frames.Count == 0) throw NotThere(source, Path.Combine(source, "Images", subject) + " with frames");
            var byUnit = units.ToDictionary(unit => unit, unit => Intensities(Path.Combine(folder, $"{subject}_au{unit}.txt"), report));
            var last = byUnit.Values.Max(rows => rows.Count == 0 ? 0 : rows.Keys.Max());
            for (var frame = 1; frame <= last; frame += choices.Every)
            {
                var from = string.Create(CultureInfo.InvariantCulture, $"{folder}, frame {frame}");
                var missing = units.Where(unit => !byUnit[unit].ContainsKey(frame)).ToArray();
                if (missing.Length > 0)
                {
                    report.Skip(from, $"it has no label of AU{missing[0]}");
                    continue;
                }

                if (!frames.TryGetValue(frame, out var file))
                {
                    report.Skip(from, "the frame is missing among the pictures");
                    continue;
                }

                var present = units.Where(unit => byUnit[unit][frame] >= Present).ToArray();
                yield return new ImportedPicture(new BenchmarkSample(string.Create(CultureInfo.InvariantCulture, $"{subject}-{frame:00000}"), Below(source, file), new ResponseLabels(null, present))
                {
                    Subject = subject, Fold = SubjectFolds.Of(subject, SubjectFolds.Disfa),
                    Intensities = units.ToDictionary(unit => unit, unit => (double)byUnit[unit][frame]),
                }, file, null, from);
            }
        }
    }

    private static Dictionary<int, string> Frames(string source, string subject)
    {
        var frames = new Dictionary<int, string>();
        foreach (var folder in (string[])[Path.Combine(source, "Images", subject), Path.Combine(source, "Video_LeftCamera", subject)])
            if (Directory.Exists(folder))
                foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
                    if (int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var frame)) frames.TryAdd(frame, file);
        return frames;
    }

    private static Dictionary<int, int> Intensities(string file, ImportReport report)
    {
        if (!File.Exists(file)) throw new DataFormatException($"{file} was not found. Each subject of DISFA has one such file per action unit.");
        var rows = new Dictionary<int, int>();
        foreach (var (index, line) in File.ReadLines(file).Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var parts = line.Split(',');
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var frame) &&
                int.TryParse(parts[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var intensity) && intensity <= 5)
                rows[frame] = intensity;
            else
                report.Skip(string.Create(CultureInfo.InvariantCulture, $"{file}, line {index + 1}"), "\"frame,intensity\" with an intensity from 0 to 5 is expected");
        }
        return rows;
    }
}
