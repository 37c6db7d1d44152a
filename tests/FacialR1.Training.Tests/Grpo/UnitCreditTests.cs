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
        Assert.Equal(NamedUnits.None, UnitCredit.Read(ReasoningParser.Parse(Text), [.. Words.Value.Encode(Text).Skip(1)], Words.Value, [6], FerAuFolder.ActionUnits));

    [Fact]
    public void A_unit_that_is_right_as_often_as_the_threshold_says_earns_nothing_on_average()
    {
        NamedUnit[] steps = [new(6, 0, 3, true), new(4, 3, 6, false), new(12, 6, 9, false), new(25, 9, 12, false)];
        var credits = UnitCredit.Of(new NamedUnits(steps, 12, 12), new Dictionary<int, double> { [6] = 0.25, [4] = 0.25, [12] = 0.25, [25] = 0.25 });
        Assert.Equal(0, credits.Sum(credit => credit.Advantage), 1e-9);
        Assert.Equal(1, credits.Average(credit => credit.Advantage * credit.Advantage), 1e-9);   // of the size of a normalised reward
        Assert.Equal((6, 0, 3), (credits[0].Unit, credits[0].From, credits[0].To));
        Assert.Equal([0.75 / Math.Sqrt(0.1875), -0.25 / Math.Sqrt(0.1875)], credits.Take(2).Select(credit => credit.Advantage));
    }

    [Fact]
    public void The_naming_ends_with_the_first_word_of_the_next_sentence()
    {
        Assert.Equal(["). This", "), with nothing else. Joy."], new[] { Text, "<think>Cheeks (AU6), with nothing else. Joy.</think><answer>happiness</answer>" }.Select(End));
        Assert.StartsWith("<think>From the top down: the face rests. This", End("<think>From the top down: the face rests. This points to neutral.</think><answer>neutral</answer>"), StringComparison.Ordinal);
        var broken = Read("<think>The cheeks rise (AU6) and", [6]);
        Assert.Equal(broken.EndFrom, broken.EndTo);

        static string End(string text) => Read(text, [6]) is var named ? Words.Value.Decode(Words.Value.Encode(text, allowSpecial: false)[named.EndFrom..named.EndTo]) : "";
    }

    /// <summary>At τ = 0.5 a labelled unit is worth 1 and another −1. AU1, AU2, AU12 in that order from the brows down; AU1 and AU12 are labelled.</summary>
    [Fact]
    public void Units_are_judged_against_siblings_named_or_passed_over()
    {
        var thresholds = new[] { 1, 2, 12 }.ToDictionary(unit => unit, _ => 0.5);
        NamedUnits Naming(params int[] units) => new([.. units.Select((unit, index) => new NamedUnit(unit, index, index + 1, unit != 2))], units.Length, units.Length + 1);
        var credits = UnitCredit.AmongSiblings([Naming(1, 12), Naming(2, 12), Naming(12), Naming(12, 1)], [1, 12], thresholds);

        // Siblings of the first: one of three names AU1, one AU2, all AU12.
        Assert.Equal([(1, 2), (12, 1)], ThirdsOf(credits[0]));
        // Passing over AU1, which two of three name, to a wrong AU2, which none names, costs both.
        Assert.Equal([(2, -5), (12, 0)], ThirdsOf(credits[1]));
        // Passing over AU1 and AU2 to a unit that all name costs what the two would have earned.
        Assert.Equal([(12, -1)], ThirdsOf(credits[2]));
        // From the mouth up: AU12 comes first.
        Assert.Equal([(12, 0), (1, 2)], ThirdsOf(credits[3]));
        Assert.Equal([0, 0, 0, 1], credits.Select(row => Math.Round(3 * row[^1].Advantage, 9)));   // the last has still to pass over AU2, which one of three names
        Assert.All(credits, row => Assert.Null(row[^1].Unit));

        static (int, double)[] ThirdsOf(IReadOnlyList<TokenCredit> row) => [.. row.SkipLast(1).Select(credit => (credit.Unit!.Value, Math.Round(3 * credit.Advantage, 9)))];
    }

    /// <summary>A policy that decides about each unit by itself, from the brows down; all groups of two are listed with their probability, so nothing is sampled.</summary>
    [Fact]
    public void On_average_credits_among_siblings_are_the_gradient_of_what_naming_is_worth_and_plain_ones_are_not()
    {
        (int Unit, double Probability, double Threshold)[] policy = [(1, 0.3, 0.9), (2, 0.1, 0.3), (12, 0.9, 0.4)];
        int[] labels = [1, 12];
        var thresholds = policy.ToDictionary(row => row.Unit, row => row.Threshold);
        var reports = Enumerable.Range(0, 8).Select(bits => policy.Where((_, index) => (bits >> index & 1) == 1).Select(row => row.Unit).ToArray()).ToArray();

        var expected = policy.Select(row => row.Probability * (1 - row.Probability) * UnitCredit.Worth(labels.Contains(row.Unit), row.Threshold));
        Assert.Equal(expected.Select(Rounded), Gradient(group => UnitCredit.AmongSiblings(group, labels, thresholds)[0]).Select(Rounded));
        Assert.True(Gradient(group => UnitCredit.Of(group[0], thresholds))[0] < 0);   // against naming AU1, which is worth a little: passing over it to AU12 earns more

        double[] Gradient(Func<NamedUnits[], IReadOnlyList<TokenCredit>> credit)
        {
            var gradient = new double[policy.Length];   // by the logit of naming each unit
            foreach (var report in reports)
                foreach (var sibling in reports)
                    foreach (var earned in credit([Naming(report), Naming(sibling)]))
                    {
                        var from = earned.From == 0 ? 0 : Array.FindIndex(policy, row => row.Unit == report[earned.From - 1]) + 1;
                        var to = earned.Unit is { } named ? Array.FindIndex(policy, row => row.Unit == named) + 1 : policy.Length;
                        for (var unit = from; unit < to; unit++)
                            gradient[unit] += Chance(report) * Chance(sibling) * earned.Advantage * ((report.Contains(policy[unit].Unit) ? 1 : 0) - policy[unit].Probability);
                    }

            return gradient;
        }

        double Chance(int[] report) => policy.Aggregate(1.0, (product, row) => product * (report.Contains(row.Unit) ? row.Probability : 1 - row.Probability));
        NamedUnits Naming(int[] units) => new([.. units.Select((unit, index) => new NamedUnit(unit, index, index + 1, labels.Contains(unit)))], units.Length, units.Length + 1);
        static double Rounded(double value) => Math.Round(value, 9);
    }

    [Fact]
    public void Units_in_no_known_order_are_judged_one_by_one_and_what_is_left_at_the_end()
    {
        var thresholds = new[] { 1, 2, 4, 12 }.ToDictionary(unit => unit, _ => 0.5);
        NamedUnits free = new([new(2, 0, 1, true), new(12, 1, 2, true), new(1, 2, 3, true)], 3, 4), other = new([new(1, 0, 1, true), new(4, 1, 2, true)], 2, 3);
        var credits = UnitCredit.AmongSiblings([free, other], [1, 2, 4, 12], thresholds);
        Assert.Equal([1, 1, 0, -1], credits[0].Select(credit => credit.Advantage));   // the end passes over AU4
        Assert.Equal([0, 0, -1], credits[1].Select(credit => credit.Advantage));     // AU4 passes over AU2, the end over AU12
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
        var advantages = UnitCredit.ByToken([Of(4, 0.5, new TokenCredit(6, 1, 3, -1, false)), Of(2, -2)], weight: 0.25);
        Assert.Equal(new[,] { { 0.5f, 0.25f, 0.25f, 0.5f }, { -2, -2, 0, 0 } }, advantages);
    }

    private static IReadOnlyList<NamedUnit> Steps(string text, int[] labels) => Read(text, labels).Steps;

    private static NamedUnits Read(string text, int[] labels) =>
        UnitCredit.Read(ReasoningParser.Parse(text), [.. Words.Value.Encode(text, allowSpecial: false), Words.Value.IdOf(QwenTokens.TurnEnd)], Words.Value, labels, FerAuFolder.ActionUnits);

    private static string Spelled(string text, NamedUnit step) => Words.Value.Decode(Words.Value.Encode(text, allowSpecial: false)[step.From..step.To]);
}
