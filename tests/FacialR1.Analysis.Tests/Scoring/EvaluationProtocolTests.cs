using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Tests.Scoring;

public sealed class EvaluationProtocolTests
{
    private static readonly ResponseLabels Smile = new(Emotion.Happiness, [6, 12]);

    [Fact]
    public void Ours_reads_what_the_strict_reference_overlooks()
    {
        const string text = "<think>Cheeks raised (AU 6), corners up (AU12).</think><answer>Happiness</answer>";
        var (ours, strict) = (EvaluationProtocol.Portal.Read(text, Smile), EvaluationProtocol.StrictReference.Read(text, Smile));
        Assert.Equal([6, 12], ours.MentionedActionUnits);
        Assert.Equal(Emotion.Happiness, ours.Emotion);
        Assert.Equal([12], strict.MentionedActionUnits);
        Assert.Null(strict.Emotion);
    }

    /// <summary>measures.md, 1.1: AU9 is annotated, never true and predicted once.</summary>
    [Fact]
    public void A_unit_that_is_never_true_costs_ours_and_costs_nothing_on_paper()
    {
        int[][] truth = [[6, 12], [1, 4, 15], [4], []];
        int[][] claimed = [[6, 12], [1, 4, 9], [4, 12], [15]];
        var texts = claimed.Select(units => $"<think>{string.Join(' ', units.Select(unit => $"AU{unit}"))}</think><answer>neutral</answer>").ToArray();
        var labels = truth.Select(units => new ResponseLabels(null, units)).ToArray();
        double? MacroF1(EvaluationProtocol protocol) => EvaluationReport.Of(
            [.. texts.Zip(labels, (text, label) => protocol.Read(text, label))], protocol.Vocabulary(labels, [1, 4, 6, 9, 12, 15]), resamples: 10).AuMacroF1?.Value;

        Assert.Equal(0.6111111, MacroF1(EvaluationProtocol.Portal)!.Value, 1e-6);
        Assert.Equal(0.7333333, MacroF1(EvaluationProtocol.Paper)!.Value, 1e-6);
        Assert.Equal(0.7333333, MacroF1(EvaluationProtocol.StrictReference)!.Value, 1e-6);
    }

    [Fact]
    public void Ids_lead_back_to_their_protocol() =>
        Assert.Equal(EvaluationProtocols.All, EvaluationProtocols.All.Select(protocol => EvaluationProtocols.Find(protocol.Id())!.Value));
}
