using System.Globalization;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets.Importers;

/// <summary>fer-au: a zip of grey pictures and a table for each split. <c>evaluate --data</c> reads it as it is; importing makes pictures one can look at and slice.</summary>
public sealed class FerAuImporter : DatasetImporter
{
    private static readonly string[] Splits = ["train", "val", "test"];

    public override string Kind => "fer-au";
    public override string Title => "fer-au";
    public override string Licence => "FER2013 pictures, collected from the web for research; the estimates of action units are this project's.";
    public override string LabelNote => "Action units are automatic estimates, not FACS coding; emotion labels are noisy.";
    public override string Layout => "train.jsonl, val.jsonl and test.jsonl, each with a zip of the same name that holds its 48 × 48 PNG files";

    public override IReadOnlyList<int> Units(ImportChoices choices) => FerAuFolder.ActionUnits;

    public override IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report)
    {
        string[] splits = [.. Splits.Where(split => File.Exists(Path.Combine(source, $"{split}.jsonl")))];
        if (splits.Length == 0) throw NotThere(source, Path.Combine(source, "val.jsonl"));
        foreach (var split in splits)
            foreach (var (index, face) in FerAuFolder.Load(source, split).Index())
                yield return new ImportedPicture(
                    new BenchmarkSample(face.Id, $"{split}/{Path.GetFileName(face.Image ?? face.Id)}", new ResponseLabels(face.Emotion, face.ActionUnits))
                    {
                        Split = split,
                        Intensities = face.Intensities is { } values ? FerAuFolder.ActionUnits.Index().ToDictionary(unit => unit.Item, unit => Math.Round((double)values[unit.Index], 3)) : null,
                    },
                    null, () => Grey(face), string.Create(CultureInfo.InvariantCulture, $"{Path.Combine(source, $"{split}.jsonl")}, sample {index + 1}"));
    }

    private static RgbImage Grey(FaceSample face)
    {
        var pixels = new byte[3 * face.Pixels.Length];
        for (var index = 0; index < pixels.Length; index++) pixels[index] = face.Pixels[index / 3];
        return new RgbImage(face.Side, face.Side, pixels);
    }
}
