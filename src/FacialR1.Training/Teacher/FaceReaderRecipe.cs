using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Statistics;
using FacialR1.Training.Data;
using FacialR1.Training.Stages;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Faces;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Teacher;

/// <summary>Makes the face reader that gives evidence where there is no annotation: the trained teacher with calibrated action units, measured on <c>val</c>.</summary>
public static class FaceReaderRecipe
{
    private const int BatchSize = 256, CalibrationSamples = 8000;
    private const string Averaged = "average.";

    /// <summary>Share of the threshold for presence below which a unit counts as absent: in between an estimate is too unsure to call a claim wrong.</summary>
    public const double AbsentShare = 0.5;

    /// <summary>The network that a <c>train teacher</c> run made, or the teacher of a <c>train sft</c> run; null where there is neither.</summary>
    public static FaceNetwork? NetworkOf(string runFolder)
    {
        var (weights, state) = (Path.Combine(runFolder, "checkpoints", TeacherRecipe.WeightsFile), Path.Combine(runFolder, "checkpoints", "teacher.state.safetensors"));
        if (File.Exists(weights)) return FaceNetwork.Load(weights);
        return File.Exists(state) ? FaceNetwork.Load(state, Averaged) : null;
    }

    /// <param name="network">Trained; stays the caller's.</param>
    /// <param name="dataFolder">In the fer-au layout, with landmarks.</param>
    /// <param name="outFolder">Made when absent.</param>
    public static FaceReaderCard Write(FaceNetwork network, string dataFolder, string outFolder, int seed, CancellationToken cancellationToken)
    {
        network.eval();
        var training = FerAuFolder.Load(dataFolder, "train");
        var validation = FerAuFolder.Load(dataFolder, "val");
        FaceSample[] shown = [.. training.Take(CalibrationSamples)];
        // The network knows these photos. Seen through an augmentation it is about as unsure as on new ones.
        var augmentation = new FaceAugmentation();
        var known = Look(network, shown, (sample, index) => augmentation.Apply(sample, FaceBatch.Mix(seed, index)), cancellationToken);
        var seen = Look(network, validation, (sample, _) => FaceAugmentation.Plain(sample), cancellationToken);

        var units = FerAuFolder.ActionUnits.Select((unit, index) => Calibrate(unit, Rows(shown, known, unit, index), Rows(validation, seen, unit, index))).ToArray();
        var errors = validation.Select((sample, row) => (sample, row)).Where(item => item.sample.Landmarks is not null)
            .Select(item => Landmarks(seen[item.row].Landmarks).ErrorAgainst(Landmarks(item.sample.Landmarks!))).ToArray();
        var card = new FaceReaderCard("face-reader/2",
            $"{training.Count} photos of train of fer-au (FER2013 faces with automatic AU estimates and landmarks of another program), the same photos as Mini",
            $"{shown.Length} augmented photos of train", $"{validation.Count} photos of val, whose AU labels are automatic estimates and not FACS coding",
            Math.Round(errors.Average(), 5), errors.Length, units);

        Directory.CreateDirectory(outFolder);
        SafetensorsWriter.Write(Path.Combine(outFolder, FaceReader.WeightsFile),
            network.Weights(), ScalarType.Float16);
        card.Write(Path.Combine(outFolder, FaceReader.CardFile));
        return card;
    }

    /// <summary>Scale and threshold from the first rows, how well they do on the second.</summary>
    public static UnitCalibration Calibrate(int unit, IReadOnlyCollection<(double Logit, bool IsPresent)> fitted, IReadOnlyCollection<(double Logit, bool IsPresent)> measured)
    {
        var scaling = PlattScaling.Fit(fitted);
        var threshold = BestThreshold([.. fitted.Select(row => (scaling.Of(row.Logit), row.IsPresent))]);
        var rows = measured.Select(row => (Probability: scaling.Of(row.Logit), row.IsPresent)).ToArray();
        var (hit, claimed, present) = (rows.Count(row => row.Probability >= threshold && row.IsPresent), rows.Count(row => row.Probability >= threshold), rows.Count(row => row.IsPresent));
        return new UnitCalibration(unit, Math.Round(scaling.Scale, 6), Math.Round(scaling.Shift, 6), threshold, Math.Round(threshold * AbsentShare, 4), new UnitReliability(
            rows.Length, present, Share(hit, claimed), Share(hit, present), Share(2 * hit, claimed + present), Math.Round(BinError(rows), 4)));
    }

    /// <summary>The probability, to two digits, from which counting a unit as present gives the highest F1.</summary>
    private static double BestThreshold(IReadOnlyCollection<(double Probability, bool IsPresent)> rows)
    {
        var present = rows.Count(row => row.IsPresent);
        return Enumerable.Range(5, 91).Select(step => step / 100.0).MaxBy(threshold =>
        {
            var (hit, claimed) = (rows.Count(row => row.Probability >= threshold && row.IsPresent), rows.Count(row => row.Probability >= threshold));
            return 2.0 * hit / Math.Max(1, claimed + present);
        });
    }

    /// <summary>Expected calibration error of a probability: mean distance of said and true share over fifteen equal bins, weighed by their rows.</summary>
    private static double BinError((double Probability, bool IsPresent)[] rows) =>
        rows.GroupBy(row => Math.Min(14, (int)(row.Probability * 15))).Sum(bin => bin.Count() * Math.Abs(bin.Average(row => row.Probability) - bin.Average(row => row.IsPresent ? 1.0 : 0)) / rows.Length);

    private static double Share(int part, int whole) => whole == 0 ? 0 : Math.Round((double)part / whole, 4);

    private static FaceLandmarks Landmarks(float[] points) => new([.. points.Chunk(2).Select(pair => new FacePoint(pair[0], pair[1]))]);

    private static (double Logit, bool IsPresent)[] Rows(IReadOnlyList<FaceSample> samples, List<(float[] Units, float[] Landmarks)> looks, int unit, int index) =>
        [.. samples.Select((sample, row) => ((double)looks[row].Units[index], sample.ActionUnits!.Contains(unit)))];

    private static List<(float[] Units, float[] Landmarks)> Look(FaceNetwork network, IReadOnlyList<FaceSample> samples, Func<FaceSample, int, FaceAugmentation.View> view, CancellationToken cancellationToken)
    {
        var looks = new List<(float[], float[])>(samples.Count);
        using var noGradient = no_grad();
        foreach (var chunk in samples.Select((sample, index) => (sample, index)).Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var outputs = network.call(FaceTargets.Pictures(new FaceBatch(0, [.. chunk.Select(item => item.sample)], [.. chunk.Select(item => view(item.sample, item.index))])));
            var units = outputs.ActionUnits.to(ScalarType.Float32).data<float>().ToArray().Chunk(FerAuFolder.ActionUnits.Count);
            var landmarks = outputs.Landmarks.to(ScalarType.Float32).data<float>().ToArray().Chunk(2 * FaceLandmarks.Count);
            looks.AddRange(units.Zip(landmarks));
        }

        return looks;
    }
}
