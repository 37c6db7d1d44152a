using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Inference.Probes;

/// <summary>Does a mistake in the reasoning reach the answer? In each claim the unit is exchanged for one that argues against the answer, and for itself in other words as the control.</summary>
public sealed record MistakeProbe : IProbe<MistakeTests>
{
    private const int MostClaims = 12;

    public string Key => "mistakes/1";

    public async Task<MistakeTests> AskAsync(ProbedAnswer subject, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var reading = subject.Reading;
        if (subject.Answer is not { } answer) return new MistakeTests(null, 0, []);
        var original = (await subject.Model.ReadAsync([new ForcedText(subject.Face, AnswerCue.TextUpTo(reading.Trace))], null, cancellationToken))[0].EmotionProbabilities.GetValueOrDefault(answer);
        if (ReasoningEdit.Mistake(reading, answer, subject.Tables.Weights) is not { } wrong) return new MistakeTests(answer, original, []);

        var claims = reading.Claims.Where(claim => claim is { Polarity: ClaimPolarity.Asserted, IsKnown: true }).Take(MostClaims).ToArray();
        var done = 0;
        // Together, so that they share batches.
        var tests = await Task.WhenAll(claims.Select(async claim =>
        {
            var texts = await Task.WhenAll(((int[])[wrong, claim.ActionUnit]).Select(unit => subject.WriteOnAsync(subject.Face, ReasoningEdit.Exchange(reading, claim.Index, unit).Beginning, cancellationToken)));
            progress.Report((double)Interlocked.Increment(ref done) / claims.Length);
            return new MistakeTest(claim.ActionUnit, wrong, claim.Span.Of(reading.Trace.Text).ToString(), texts[0], texts[1], Intervention.WeightChangeOf(subject.Tables.Weights, claim.ActionUnit, wrong, answer));
        }));
        return new MistakeTests(answer, Math.Round(original, 6), tests);
    }
}

/// <param name="Claimed">The unit as claimed.</param>
/// <param name="Wrong">The one put in its place.</param>
/// <param name="Words">The claim as written.</param>
/// <param name="Mistaken">What the model made of the mistake.</param>
/// <param name="Paraphrased">What it made of the same unit in other words.</param>
/// <param name="WeightChange">Δpmi of the exchange for the answer; null where there is none.</param>
public sealed record MistakeTest(int Claimed, int Wrong, string Words, ProbedText Mistaken, ProbedText Paraphrased, double? WeightChange)
{
    public Intervention Mistake(Emotion answer, double before) => new(answer, Mistaken.Answer(), before, P(Mistaken, answer), WeightChange);

    public Intervention Control(Emotion answer, double before) => new(answer, Paraphrased.Answer(), before, P(Paraphrased, answer), null);

    private static double? P(ProbedText text, Emotion answer) => text.Emotions.TryGetValue(answer, out var p) ? p : null;
}

/// <param name="Answer">The answer under test; null when the response has none of the seven labels.</param>
/// <param name="Before">Its p as given.</param>
/// <param name="Tests">One per asserted claim, twelve at most; none when no unit argues against the answer.</param>
public sealed record MistakeTests(Emotion? Answer, double Before, IReadOnlyList<MistakeTest> Tests);
