using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Tests.Alignment;

public sealed class AlignmentTests
{
    /// <summary>The worked example: ten samples, two emotions, two units.</summary>
    private static readonly PmiTable Worked = PmiTable.FromCounts(
        "test/1", "worked example", 10,
        new Dictionary<Emotion, int> { [Emotion.Happiness] = 4, [Emotion.Anger] = 6 },
        new Dictionary<int, int> { [4] = 5, [12] = 5 },
        new Dictionary<(int, Emotion), int> { [(12, Emotion.Happiness)] = 4, [(4, Emotion.Happiness)] = 0, [(12, Emotion.Anger)] = 1, [(4, Emotion.Anger)] = 5 },
        minimumCount: 1);

    private static readonly PrototypeTable Patterns = PrototypeTable.Of("test/1",
        new Prototype(Emotion.Happiness, [6, 12], "a"), new Prototype(Emotion.Happiness, [12, 25], "b"), new Prototype(Emotion.Neutral, [], "a"));

    private static string Shipped(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "alignment", file));

    [Theory]
    [InlineData(12, Emotion.Happiness, 0.847997)]
    [InlineData(4, Emotion.Happiness, -2.321928)]
    [InlineData(12, Emotion.Anger, -1.222392)]
    [InlineData(4, Emotion.Anger, 0.652077)]
    public void Weights_are_those_of_the_worked_example(int unit, Emotion emotion, double bits) => Assert.Equal(bits, Worked.Weight(unit, emotion)!.Value / Math.Log(2), 1e-6);

    [Theory]
    [InlineData(Emotion.Happiness, new[] { 6, 12 }, 0.5, true)]
    [InlineData(Emotion.Happiness, new[] { 4, 12 }, 0.5, true)]      // 2·1 / (2 + 2) with "12, 25"
    [InlineData(Emotion.Happiness, new[] { 4, 7, 23 }, 0.5, false)]
    [InlineData(Emotion.Sadness, new[] { 4, 15 }, 0.9, true)]
    [InlineData(Emotion.Surprise, new[] { 12 }, 0.1, false)]
    [InlineData(Emotion.Disgust, new[] { 10 }, 0.9, true)]           // 0.5 is under the threshold, and more than any other emotion has
    [InlineData(Emotion.Neutral, new int[0], 0.5, true)]
    [InlineData(Emotion.Neutral, new[] { 25 }, 0.5, true)]           // 2/3 for happiness
    [InlineData(Emotion.Neutral, new[] { 6, 12 }, 0.5, false)]
    public void Published_patterns_say_whether_units_support_an_emotion(Emotion emotion, int[] units, double threshold, bool expected) =>
        Assert.Equal(expected, AlignmentTables.Shipped.Prototypes.Supports(emotion, units, threshold));

    [Fact]
    public void No_unit_supports_no_emotion_but_neutral() =>
        Assert.All(Emotions.All.Where(emotion => emotion != Emotion.Neutral), emotion => Assert.False(AlignmentTables.Shipped.Prototypes.Supports(emotion, [], 0.01)));

    [Fact]
    public void Alignment_is_that_of_the_worked_example()
    {
        Assert.Equal(0.8076923, EmotionAlignment.Of([12], Emotion.Happiness, Worked, Patterns).Alignment!.Value, 1e-6);
        Assert.Equal(0.3483412, EmotionAlignment.Of([4, 12], Emotion.Happiness, Worked, Patterns).Alignment!.Value, 1e-6);
    }

    [Fact]
    public void The_best_pattern_of_an_emotion_counts()
    {
        var fits = Patterns.Fits([4, 6, 12]);
        Assert.Equal(0.8, fits[Emotion.Happiness].F1, 1e-12);
        Assert.Equal("a", fits[Emotion.Happiness].Pattern.Source);
        Assert.Equal(0, fits[Emotion.Neutral].F1);
        Assert.Equal(1, Patterns.Fits([])[Emotion.Neutral].F1);
        Assert.Equal("b", Patterns.Fits([25])[Emotion.Happiness].Pattern.Source);
    }

    [Fact]
    public void Without_a_claimed_unit_that_has_weights_nothing_is_implied()
    {
        foreach (var claimed in (int[][])[[], [99], [9]])
        {
            var alignment = EmotionAlignment.Of(claimed, Emotion.Anger, Worked, Patterns);
            Assert.Null(alignment.Shares);
            Assert.Null(alignment.Alignment);
            Assert.Null(alignment.ImpliedIsAnswer);
            Assert.Empty(alignment.Implied);
            Assert.Equal(claimed, alignment.WithoutWeight);
        }
    }

    [Fact]
    public void A_unit_that_argues_against_the_answer_has_a_negative_weight()
    {
        var alignment = EmotionAlignment.Of([4, 12], Emotion.Happiness, Worked, Patterns);
        Assert.True(alignment.WeightForAnswer(12) > 0);
        Assert.True(alignment.WeightForAnswer(4) < 0);
        Assert.Equal([Emotion.Anger], alignment.Implied);
        Assert.False(alignment.ImpliedIsAnswer);
    }

    [Fact]
    public void Rare_units_have_no_weight() => Assert.Null(PmiTable.FromCounts("t", "t", 10,
        new Dictionary<Emotion, int> { [Emotion.Fear] = 10 }, new Dictionary<int, int> { [12] = 9 }, new Dictionary<(int, Emotion), int>()).Weight(12, Emotion.Fear));

    [Fact]
    public void A_tie_that_includes_the_answer_is_half_credit()
    {
        var even = PmiTable.FromCounts("t", "t", 20, new Dictionary<Emotion, int> { [Emotion.Fear] = 10, [Emotion.Anger] = 10 }, new Dictionary<int, int> { [4] = 10 },
            new Dictionary<(int, Emotion), int> { [(4, Emotion.Fear)] = 5, [(4, Emotion.Anger)] = 5 });
        var tie = EmotionAlignment.Of([4], Emotion.Fear, even, Patterns);
        Assert.True(tie.IsTie);
        Assert.Null(tie.ImpliedIsAnswer);
        var right = EmotionAlignment.Of([12], Emotion.Happiness, Worked, Patterns);
        var rate = ConsistencyRate.OfImplied([tie, right, EmotionAlignment.Of([], Emotion.Fear, even, Patterns)]);
        Assert.Equal(new ConsistencyRate(1.5, 1, 2, 1), rate);
        Assert.Equal(0.75, rate.Rate);
    }

    [Fact]
    public void Undefined_flags_leave_the_denominator()
    {
        // Ten responses: stated null in 2, equal in 6.
        var rate = ConsistencyRate.Of([null, null, true, true, true, true, true, true, false, false]);
        Assert.Equal(0.75, rate.Rate);
        Assert.Equal((8, 2), (rate.Defined, rate.Undefined));
        Assert.Null(ConsistencyRate.Of([null]).Rate);
    }

    [Fact]
    public void The_shipped_tables_can_be_read_and_say_what_they_are()
    {
        var weights = PmiTable.Parse(Shipped("au-emotion-counts.json"));
        Assert.Equal(23_439, weights.N);
        Assert.Equal(ActionUnits.FerAu, weights.ActionUnits);
        Assert.Contains("estimated", weights.Source, StringComparison.Ordinal);
        Assert.True(weights.Weight(12, Emotion.Happiness) > 0.5 && weights.Weight(12, Emotion.Sadness) < 0);

        var patterns = PrototypeTable.Parse(Shipped("au-emotion-prototypes.json"));
        Assert.Equal(Emotions.All, patterns.Patterns.Select(pattern => pattern.Emotion).Distinct());
        Assert.All(patterns.Patterns, pattern => Assert.Contains(pattern.Source, patterns.Sources.Keys));
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("""{"version":"1","sources":{},"emotions":{"joyfulness":[]}}""", "none of the labels")]
    [InlineData("""{"version":"1","sources":{},"emotions":{"anger":[{"actionUnits":[4],"source":"x"}]}}""", "not explained")]
    [InlineData("""{"version":"1","sources":{"x":"y"},"emotions":{"anger":[{"actionUnits":[3],"source":"x"}]}}""", "AU3")]
    public void A_table_that_was_edited_badly_says_what_is_wrong(string json, string words) =>
        Assert.Contains(words, Assert.Throws<AlignmentTableException>(() => PrototypeTable.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Counts_that_do_not_add_up_are_rejected() => Assert.Contains("add up", Assert.Throws<AlignmentTableException>(() =>
        PmiTable.Parse("""{"version":"1","source":"s","n":3,"smoothing":0.5,"minimumCount":1,"emotions":{"anger":2},"actionUnits":{},"together":{}}""")).Message, StringComparison.Ordinal);
}
