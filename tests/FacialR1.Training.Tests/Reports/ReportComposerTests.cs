using System.Text.RegularExpressions;
using CsCheck;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Statistics;
using FacialR1.Training.Reports;

namespace FacialR1.Training.Tests.Reports;

public sealed partial class ReportComposerTests
{
    private static readonly string[] Banned =
    [
        "no", "not", "none", "nor", "neither", "never", "without", "absent", "absence", "lack", "lacks", "lacking", "slight", "slightly", "somewhat", "may", "might",
        "perhaps", "maybe", "possibly", "possible", "likely", "seem", "seems", "appear", "appears", "suggest", "suggests", "could", "would", "hint", "hints", "barely",
    ];

    private static readonly Gen<(int[] Units, Emotion Emotion, ulong Seed)> Labels =
        Gen.Select(Gen.Bool.Array[ReportComposer.SupportedActionUnits.Count], Gen.Int[0, 4], Gen.Enum<Emotion>(), Gen.ULong)
            .Select((chosen, sparsity, emotion, seed) => (
                ReportComposer.SupportedActionUnits.Where((unit, i) => chosen[i] && (sparsity == 0 || (unit + (int)(seed % 97)) % (sparsity + 1) == 0)).ToArray(), emotion, seed));

    private static readonly Gen<(int[] Units, Emotion Emotion, ulong Seed)> MiniLabels =
        Labels.Select((units, emotion, seed) => (units.Where(ActionUnits.FerAu.Contains).ToArray(), emotion, seed));

    [Fact]
    public void Reading_a_report_gives_back_the_labels_it_was_written_from() => Labels.Sample((units, emotion, seed) =>
    {
        var trace = ReasoningParser.Parse(ReportComposer.Compose(units, emotion, seed));
        Assert.True(trace.FormatOk, trace.Text);
        Assert.Equal(emotion, trace.Emotion);
        Assert.Equal(units.Order(), trace.ActionUnits);
        Assert.Equal(units.Length, trace.Mentions.Count);
        var reference = ReasoningParser.StrictReference(trace.Text);
        Assert.True(reference.FormatOk);
        Assert.Equal(units.Order(), reference.ActionUnits);
        Assert.Equal(emotion.Name(), reference.Emotion);
    });

    [Fact]
    public void The_same_seed_gives_the_same_report_and_other_seeds_other_reports()
    {
        int[] units = [1, 2, 5, 25, 26];
        Assert.Equal(ReportComposer.Compose(units, Emotion.Surprise, 7), ReportComposer.Compose([26, 25, 5, 2, 1, 1], Emotion.Surprise, 7));
        var distinct = Enumerable.Range(0, 500).Select(seed => ReportComposer.Compose(units, Emotion.Surprise, (ulong)seed)).Distinct().Count();
        Assert.True(distinct > 480, $"Only {distinct} of 500 seeds gave different reports.");
    }

    [Fact]
    public void Nothing_is_negated_or_hedged() => Labels.Sample((units, emotion, seed) =>
    {
        var text = ReportComposer.Compose(units, emotion, seed);
        foreach (var word in Words(text)) Assert.DoesNotContain(word, Banned);
    });

    [Fact]
    public void The_reasoning_names_only_its_own_emotion_and_names_it_once_at_its_end() => Labels.Sample((units, emotion, seed) =>
    {
        var text = ReportComposer.Compose(units, emotion, seed);
        var think = ReasoningParser.Parse(text).Think!.Value.Of(text).ToString();
        var named = Words(think).Where(word => Emotions.TryParse(word, out _)).ToArray();
        Assert.Equal([emotion.Name()], named);
        Assert.EndsWith(emotion.Name() + ".", think, StringComparison.Ordinal);
    });

    [Fact]
    public void Each_code_directly_follows_words_of_its_own_unit() => Labels.Sample((units, emotion, seed) =>
    {
        var text = ReportComposer.Compose(units, emotion, seed);
        foreach (var mention in ReasoningParser.Parse(text).Mentions)
        {
            var before = text[..mention.Start];
            Assert.Contains(ActionUnitWording.Predicates(mention.Number),
                predicate => before.EndsWith($"{ActionUnitWording.Subject(mention.Number)} {predicate} (", StringComparison.Ordinal));
        }
    });

    [Fact]
    public void The_opening_words_tell_the_order_of_the_units() => Labels.Sample((units, emotion, seed) =>
    {
        var text = ReportComposer.Compose(units, emotion, seed);
        var order = ReasoningParser.Parse(text).Mentions.Select(mention => mention.Number).ToArray();
        if (text.StartsWith("<think>From", StringComparison.Ordinal)) Assert.Equal(ActionUnitWording.TopDown.Where(units.Contains), order);
        else if (text.StartsWith("<think>Starting", StringComparison.Ordinal)) Assert.Equal(ActionUnitWording.MouthFirst.Where(units.Contains), order);
        else Assert.StartsWith("<think>Across", text, StringComparison.Ordinal);
    });

    [Fact]
    public void Units_of_the_mini_models_keep_the_agreed_canonical_order() =>
        Assert.Equal([1, 2, 4, 5, 7, 43, 6, 10, 12, 15, 20, 18, 25, 26, 17], ActionUnitWording.TopDown.Where(ActionUnits.FerAu.Contains));

    [Fact]
    public void Seven_in_ten_go_down_two_start_at_the_mouth_and_one_is_free()
    {
        const int reports = 20_000;
        var random = new Pcg32(5);
        var openings = Enumerable.Range(0, reports).Select(_ => ReportComposer.Compose([6, 12], Emotion.Happiness, random).Split('>', ' ')[1]).ToLookup(word => word);
        Assert.Equal(0.7, (double)openings["From"].Count() / reports, 0.01);
        Assert.Equal(0.2, (double)openings["Starting"].Count() / reports, 0.01);
        Assert.Equal(0.1, (double)openings["Across"].Count() / reports, 0.01);
    }

    [Fact]
    public void Every_supported_unit_is_worded_so_that_its_first_words_identify_it()
    {
        Assert.Equal(ActionUnits.Prompt.Select(unit => unit.Number), ReportComposer.SupportedActionUnits.Order());
        Assert.Equal(ReportComposer.SupportedActionUnits.Order(), ActionUnitWording.MouthFirst.Order());
        foreach (var one in ReportComposer.SupportedActionUnits)
            foreach (var other in ReportComposer.SupportedActionUnits.Where(other => other != one))
                Assert.False((ActionUnitWording.Subject(other) + " ").StartsWith(ActionUnitWording.Subject(one) + " ", StringComparison.Ordinal), $"AU{one} and AU{other} open alike.");
    }

    [Fact]
    public void Reports_on_real_label_sets_stay_short() => MiniLabels.Where(labels => labels.Units.Length <= 9).Sample((units, emotion, seed) =>
    {
        var text = ReportComposer.Compose(units, emotion, seed);
        var trace = ReasoningParser.Parse(text);
        var think = trace.Think!.Value.Of(text).ToString();
        Assert.InRange(think.Split(' ').Length, 8, 100);
        Assert.InRange(think.Count(c => c == '.'), 2, 4);
    });

    [Fact]
    public void The_lexicon_of_the_mini_models_fits_a_small_vocabulary()
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0UL; seed < 3000; seed++)
        {
            var chosen = ActionUnits.FerAu.Where((_, i) => ((seed * 2654435761UL >> i) & 1) == 1).ToArray();
            words.UnionWith(Words(ReportComposer.Compose(chosen, Emotions.All[(int)(seed % 7)], seed)));
        }
        Assert.InRange(words.Count, 100, 220);
    }

    /// <summary>One report in full: a change of wording has to be a decision, because it needs a new <see cref="ReportComposer.Version"/>.</summary>
    [Fact]
    public void The_report_of_a_seed_is_fixed() => Assert.Equal(
        "<think>Starting from the mouth up, the lips stand apart (AU25) and the jaw is lowered (AU26), while the upper eyelids rise and widen the eyes (AU5). Next, the inner brows lift upward (AU1) and the outer brows are raised (AU2). Combined, these movements are best named surprise.</think>\n" +
        "<answer>surprise</answer>",
        ReportComposer.Compose([1, 2, 5, 25, 26], Emotion.Surprise, 4));

    [Fact]
    public void An_unknown_unit_is_refused_with_the_list_of_supported_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => ReportComposer.Compose([12, 99], Emotion.Happiness, 1));
        Assert.Contains("AU99", error.Message, StringComparison.Ordinal);
        Assert.Contains("43", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
