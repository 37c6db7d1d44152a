using FacialR1.Analysis.Faithfulness;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Inference.Probes;

/// <summary>What if the reasoning had begun otherwise? The model writes on behind other words.</summary>
/// <param name="Beginning">A response up to somewhere before its answer.</param>
public sealed record ContinueProbe(string Beginning) : IProbe<ContinuedAnswer>
{
    public const int LongestBeginning = 8_000;

    /// <summary>What a key of this kind begins with.</summary>
    public const string Prefix = "continue/1/";

    public string Key => Prefix + Beginning;

    public async Task<ContinuedAnswer> AskAsync(ProbedAnswer subject, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var original = await subject.Model.ReadAsync([new ForcedText(subject.Face, AnswerCue.TextUpTo(subject.Reading.Trace))], null, cancellationToken);
        progress.Report(0.3);
        return new ContinuedAnswer(ProbeReading.Of(original[0]), await subject.WriteOnAsync(subject.Face, Beginning, cancellationToken));
    }
}

/// <param name="Original">The response as it was given.</param>
/// <param name="Changed">The changed one.</param>
public sealed record ContinuedAnswer(ProbeReading Original, ProbedText Changed);
