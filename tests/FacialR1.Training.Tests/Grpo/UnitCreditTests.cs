using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Training.Data;
using FacialR1.Training.Grpo;
using FacialR1.Training.Reports;
using FacialR1.Training.Rewards;
using FacialR1.Training.Supervised;
using FacialR1.Training.Tests.Data;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Tests.Grpo;

public sealed class UnitCreditTests
{
    private const string Text = "<think>The cheeks rise (AU6). The lip corners are pulled up (AU12), and the brows are lowered (AU4). This suggests happiness.</think><answer>happiness</answer>";

    private static readonly Lazy<Tokenizer> Words = new(() => TokenizerTrainer.Train(
        Enumerable.Range(0, 300).Select(index => ReportComposer.Compose([.. Faces.Sample(index).ActionUnits!], (Emotion)(index % 7), (ulong)index)), 512));

    [Fact]
    public void Steps_go_from_one_named_unit_to_the_next_and_know_whether_it_is_labelled()
    {
        var steps = Steps(Text, [6, 12, 25]);
        Assert.Equal([(6, true), (12, true), (4, false)], steps.Select(step => (step.Unit, step.IsLabelled)));
        Assert.Equal(0, steps[0].From);
        Assert.Equal(steps.Select(step => step.To).SkipLast(1), steps.Select(step => step.From).Skip(1));
        Assert.StartsWith("<think>The cheeks rise (AU6", Spelled(Text, steps[0]), StringComparison.Ordinal);
        Assert.Contains("The lip corners are pulled up (AU12", Spelled(Text, steps[1]), StringComparison.Ordinal);
        Assert.DoesNotContain("brows", Spelled(Text, steps[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_named_again_or_outside_the_labels_or_behind_the_reasoning_earns_nothing()
    {
        const string text = "<think>AU6. Again AU6. The nose is wrinkled (AU9). Lips part (AU25). Joy.</think><answer>happiness (AU12)</answer>";
        Assert.Equal([6, 25], Steps(text, [6]).Select(step => step.Unit));
    }

    [Fact]
    public void Letters_of_more_than_one_byte_do_not_shift_the_steps()
    {
        const string text = "<think>Très nettement – cheeks (AU6). Lips (AU25). Joy.</think><answer>happiness</answer>";
        Assert.StartsWith("<think>Très nettement – cheeks (AU6", Spelled(text, Steps(text, [6])[0]), StringComparison.Ordinal);
        Assert.Contains("(AU25", Spelled(text, Steps(text, [6])[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_that_do_not_spell_the_text_earn_nothing() =>
        Assert.Empty(UnitCredit.Steps(ReasoningParser.Parse(Text), [.. Words.Value.Encode(Text).Skip(1)], Words.Value, [6], FerAuFolder.ActionUnits));

    [Fact]
    public void A_unit_that_is_right_as_often_as_the_threshold_says_earns_nothing_on_average()
    {
        NamedUnit[] steps = [new(6, 0, 3, true), new(4, 3, 6, false), new(12, 6, 9, false), new(25, 9, 12, false)];
        var credits = UnitCredit.Of(steps, new Dictionary<int, double> { [6] = 0.25, [4] = 0.25, [12] = 0.25, [25] = 0.25 });
        Assert.Equal(0, credits.Sum(credit => credit.Advantage), 1e-9);
        Assert.Equal(1, credits.Average(credit => credit.Advantage * credit.Advantage), 1e-9);   // of the size of a normalised reward
        Assert.Equal((6, 0, 3), (credits[0].Unit, credits[0].From, credits[0].To));
        Assert.Equal([0.75 / Math.Sqrt(0.1875), -0.25 / Math.Sqrt(0.1875)], credits.Take(2).Select(credit => credit.Advantage));
    }

    [Fact]
    public void Rare_units_are_worth_naming_earlier_than_common_ones()
    {
        var samples = Enumerable.Range(0, 1000).Select(index => new FaceSample($"{index}", [], 0, null, index % 10 == 0 ? [12, 25] : [25], null, null)).ToArray();
        var thresholds = ActionUnitWeights.Thresholds(samples, 0.4);
        Assert.Equal(0.4, thresholds[25], 1e-6);                  // in all photos
        Assert.Equal(1 / (1 + 1.5 * 2), thresholds[12], 1e-3);    // in a tenth: a quarter of the share from which on a unit is common
        Assert.Equal(0.2, thresholds[43], 1e-6);                  // never seen
    }

    [Fact]
    public void A_token_earns_what_its_completion_and_its_step_earn()
    {
        Completion Of(int tokens, double advantage, params TokenCredit[] credits) =>
            new([.. new int[tokens]], [.. new double[tokens]], ReasoningParser.Parse(Text), false, new ResponseReward(new Dictionary<string, double>(), 0), advantage) { Credits = credits };
        var advantages = UnitCredit.ByToken([Of(4, 0.5, new TokenCredit(6, 1, 3, -1)), Of(2, -2)], weight: 0.25);
        Assert.Equal(new[,] { { 0.5f, 0.25f, 0.25f, 0.5f }, { -2, -2, 0, 0 } }, advantages);
    }

    private static IReadOnlyList<NamedUnit> Steps(string text, int[] labels) =>
        UnitCredit.Steps(ReasoningParser.Parse(text), [.. Words.Value.Encode(text, allowSpecial: false), Words.Value.IdOf(QwenTokens.TurnEnd)], Words.Value, labels, FerAuFolder.ActionUnits);

    private static string Spelled(string text, NamedUnit step) => Words.Value.Decode(Words.Value.Encode(text, allowSpecial: false)[step.From..step.To]);
}
