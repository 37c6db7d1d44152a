namespace FacialR1.Analysis.Statistics;

/// <summary>One answer and how sure the model was of it.</summary>
/// <param name="Confidence">Probability of the chosen label, 0 to 1, renormalised over the label set.</param>
/// <param name="IsCorrect">Whether it was right.</param>
public readonly record struct ConfidentAnswer(double Confidence, bool IsCorrect);

/// <summary>One bar of a reliability diagram.</summary>
/// <param name="Low">Lower end of the confidences, excluded except at 0 (equal width), or the least confidence in it (equal mass).</param>
/// <param name="High">Upper end, included.</param>
/// <param name="Count">Answers in it, at least 1.</param>
/// <param name="MeanConfidence">What the model promised.</param>
/// <param name="Accuracy">What it kept.</param>
public readonly record struct CalibrationBin(double Low, double High, int Count, double MeanConfidence, double Accuracy);

/// <summary>Whether a model that says 80% is right in 80 of 100 cases (Guo et al. 2017).</summary>
public static class Calibration
{
    /// <summary>15 bins from 1,000 answers on, else 10.</summary>
    public static int DefaultBins(int answers) => answers >= 1000 ? 15 : 10;

    /// <summary>Non-empty bins of equal width, closed on the right; 0 belongs to the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence is outside [0, 1], or there are no bins.</exception>
    public static IReadOnlyList<CalibrationBin> EqualWidthBins(IReadOnlyCollection<ConfidentAnswer> answers, int? bins = null)
    {
        var m = Checked(answers, bins);
        return [.. answers.GroupBy(answer => BinOf(answer.Confidence, m)).OrderBy(group => group.Key)
            .Select(group => Bin((double)group.Key / m, (group.Key + 1.0) / m, [.. group]))];
    }

    /// <summary>Bins with about equally many answers; equal confidences are never split. Less biased at small n.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence is outside [0, 1], or there are no bins.</exception>
    public static IReadOnlyList<CalibrationBin> EqualMassBins(IReadOnlyCollection<ConfidentAnswer> answers, int? bins = null)
    {
        var m = Checked(answers, bins);
        ConfidentAnswer[] sorted = [.. answers.OrderBy(answer => answer.Confidence)];
        var result = new List<CalibrationBin>();
        var start = 0;
        for (var bin = 1; bin <= m && start < sorted.Length; bin++)
        {
            var end = Math.Max((int)((long)bin * sorted.Length / m), start);
            if (end == start) continue;
            while (end < sorted.Length && sorted[end].Confidence == sorted[end - 1].Confidence) end++;
            result.Add(Bin(sorted[start].Confidence, sorted[end - 1].Confidence, sorted[start..end]));
            start = end;
        }
        return result;
    }

    /// <summary>Expected calibration error Σ |B|/n · |accuracy(B) − confidence(B)|; null without answers.</summary>
    public static double? ExpectedError(IReadOnlyCollection<CalibrationBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        var n = bins.Sum(bin => bin.Count);
        return n == 0 ? null : bins.Sum(bin => bin.Count * Math.Abs(bin.Accuracy - bin.MeanConfidence)) / n;
    }

    /// <summary>Top-label Brier score, the mean of (confidence − correct)²; null without answers.</summary>
    public static double? Brier(IReadOnlyCollection<ConfidentAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return answers.Count == 0 ? null : answers.Average(SquaredError);
    }

    /// <summary>What one answer adds to <see cref="Brier"/>.</summary>
    internal static double SquaredError(ConfidentAnswer answer) => Math.Pow(answer.Confidence - (answer.IsCorrect ? 1 : 0), 2);

    private static int Checked(IReadOnlyCollection<ConfidentAnswer> answers, int? bins)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (bins is < 1) throw new ArgumentOutOfRangeException(nameof(bins), bins, "At least one bin is needed.");
        foreach (var answer in answers)
            if (!(answer.Confidence is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(answers), answer.Confidence, "A confidence lies between 0 and 1.");
        return bins ?? DefaultBins(answers.Count);
    }

    /// <summary>The bin of equal width that holds a confidence.</summary>
    internal static int BinOf(double confidence, int bins)
    {
        var bin = Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1);
        // confidence · bins may round across an edge: 0.07 · 100 is 7.000000000000001.
        if (bin > 0 && confidence <= (double)bin / bins) bin--;
        return bin;
    }

    private static CalibrationBin Bin(double low, double high, ConfidentAnswer[] answers) =>
        new(low, high, answers.Length, answers.Average(answer => answer.Confidence), (double)answers.Count(answer => answer.IsCorrect) / answers.Length);
}
