using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.Training.Synthesis;

namespace FacialR1.Training.Stages;

/// <summary>A report to be learnt beside a photo, and what is shown behind the question.</summary>
/// <param name="Hint">See <see cref="LabelHint"/>; empty for the question alone.</param>
/// <param name="Emotion">What the report answers; null where nobody says.</param>
public sealed record ReportTask(string Hint, string Report, Emotion? Emotion);

/// <summary>Says what is to be written about a photo; the same seed gives the same task.</summary>
public delegate ReportTask ReportSource(FaceSample sample, ulong seed);

/// <summary>Where the reports of the stages come from.</summary>
public static class ReportSources
{
    /// <summary>Base: a report about some other photo. It teaches the language, the grammar, which AUs go with which emotion and how to read hints, and nothing about the photo shown.</summary>
    public static ReportSource Unlinked(IReadOnlyList<FaceSample> labels, LabelHintMix mix) => (_, seed) =>
    {
        var other = labels[(int)(seed % (ulong)labels.Count)];
        return new ReportTask(mix.Draw(new ResponseLabels(other.Emotion, other.ActionUnits), seed), Composed(other, seed), other.Emotion);
    };

    /// <summary>Supervised: a report composed from the photo's own labels, in fresh words every time.</summary>
    public static ReportSource Linked { get; } = (sample, seed) => new ReportTask("", Composed(sample, seed), sample.Emotion);

    /// <summary>Synthesis: the accepted text of a photo where there is one, else a composed report of the seed set.</summary>
    public static ReportSource Written(IReadOnlyDictionary<string, string> accepted) => (sample, seed) => new ReportTask("", accepted.GetValueOrDefault(sample.Id) ?? Composed(sample, seed), sample.Emotion);

    private static string Composed(FaceSample sample, ulong seed) => ReportComposer.Compose([.. sample.ActionUnits!], sample.Emotion!.Value, seed);
}
