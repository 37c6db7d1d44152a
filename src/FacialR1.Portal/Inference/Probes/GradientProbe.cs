using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Inference.Probes;

/// <summary>Which patches of the face speak for the answer, or for some words of the reasoning, by integrated gradients through the vision tower.</summary>
/// <param name="Target">Some words of the response; null for the answer.</param>
public sealed record GradientProbe(TextSpan? Target) : IProbe<PatchAttribution>
{
    private const int Steps = 24, MostCells = 28;

    public string Key => $"gradient/1/{(Target is { } span ? FormattableString.Invariant($"{span.Start}-{span.End}") : "answer")}";

    public async Task<PatchAttribution> AskAsync(ProbedAnswer subject, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var text = AnswerCue.TextUpTo(subject.Reading.Trace);
        var target = Target;
        if (target is not { } span || span.End > text.Length)
        {
            var word = subject.Answer?.Name() ?? subject.Reading.Trace.AnswerText ?? throw new Analysis.ModelUnavailableException("The response has no answer whose pixels could be looked for.");
            (text, span) = (text + word, new TextSpan(text.Length, word.Length));
        }

        var map = await subject.Model.AttributeAsync(new ForcedText(subject.Face, text), span, Steps, new ShareOf(progress, 0, 1, Steps), cancellationToken);
        return map.Coarser(MostCells);
    }
}
