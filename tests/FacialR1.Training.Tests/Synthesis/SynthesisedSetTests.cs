using System.Text.Json.Nodes;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.Training.Runs;
using FacialR1.Training.Synthesis;
using FacialR1.Training.Tests.Data;
using FacialR1.TestKit;

namespace FacialR1.Training.Tests.Synthesis;

public sealed class SynthesisedSetTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Without_reviews_the_rule_decides()
    {
        var set = SynthesisedSet.Read(Write(round: 1));
        Assert.Equal(["sample-0", "sample-2"], set.Samples.Select(sample => sample.Sample));
        Assert.All(set.Samples, sample => Assert.Equal((SynthesisOrigin.Rule, 1, 1), (sample.Origin, sample.Round, sample.Attempt)));
        Assert.Equal("train/2.png", set.Samples[1].Image);
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void A_persons_decision_goes_first_the_last_line_wins_and_undo_gives_the_rule_back()
    {
        var run = Write(round: 1);
        var better = ReportComposer.Compose([12], Emotion.Happiness, 99);
        SynthesisReview.Append(run, Review("sample-0", ReviewDecision.Reject), Review("sample-1", ReviewDecision.Accept), Review("sample-2", ReviewDecision.Edit, better));
        var set = SynthesisedSet.Read(run);
        Assert.Equal([("sample-1", SynthesisOrigin.Reviewed), ("sample-2", SynthesisOrigin.Edited)], set.Samples.Select(sample => (sample.Sample, sample.Origin)));
        Assert.Equal(better, set.Samples[1].Text);
        Assert.Equal((2, 1), (set.Samples[0].Attempt, set.RejectedByReview));

        SynthesisReview.Append(run, Review("sample-0", ReviewDecision.Undo), Review("sample-1", ReviewDecision.Reject), Review("sample-2", ReviewDecision.Undo));
        set = SynthesisedSet.Read(run);
        Assert.Equal([("sample-0", SynthesisOrigin.Rule), ("sample-2", SynthesisOrigin.Rule)], set.Samples.Select(sample => (sample.Sample, sample.Origin)));
    }

    [Fact]
    public void A_text_that_teaches_a_broken_format_is_left_out_and_named()
    {
        var run = Write(round: 1);
        SynthesisReview.Append(run, Review("sample-0", ReviewDecision.Edit, "happiness, I guess"), Review("nobody", ReviewDecision.Accept));
        var set = SynthesisedSet.Read(run);
        Assert.Equal(["sample-2"], set.Samples.Select(sample => sample.Sample));
        Assert.Collection(set.Problems,
            problem => Assert.StartsWith("sample-0, round 1: the edited text", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("nobody, round 1: reviewed, but", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_later_round_replaces_an_earlier_one()
    {
        var (first, second) = (Write(round: 1), Write(round: 2));
        var set = SynthesisedSet.Read(second, first);
        Assert.Equal(2, set.Samples.Count);
        Assert.All(set.Samples, sample => Assert.Equal(2, sample.Round));
    }

    [Fact]
    public void The_line_that_others_write_is_read_and_a_bad_one_is_named()
    {
        var run = Write(round: 1);
        var file = Path.Combine(run, SynthesisReview.FileName);
        File.WriteAllText(file, """
            {"sample":"sample-0","round":1,"decision":"reject","time":"2026-11-23T20:00:00Z"}
            {"sample":"sample-2","round":1,"decision":"rej
            """);
        Assert.Equal(["sample-2"], SynthesisedSet.Read(run).Samples.Select(sample => sample.Sample));   // the half line is no decision yet
        File.AppendAllText(file, "\n");
        Assert.Contains("reviews.jsonl, line 2 cannot be read", Assert.Throws<DataFormatException>(() => SynthesisedSet.Read(run)).Message, StringComparison.Ordinal);
        File.WriteAllText(file, """{"sample":"sample-0","round":1,"decision":"maybe","time":"2026-11-23T20:00:00Z"}""" + "\n");
        Assert.Contains("the decision is 'maybe'", Assert.Throws<DataFormatException>(() => SynthesisedSet.Read(run)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SynthesisReview.Append(run, Review("sample-0", ReviewDecision.Edit)));
    }

    [Fact]
    public void Markup_in_a_text_survives_the_way_to_disk_and_back()
    {
        var run = Write(round: 1);
        var text = "<think>The \"cheeks\" rise\u2028(AU6) <script>alert(1)</script>\\n.</think>\n<answer>happiness</answer>";
        SynthesisReview.Append(run, Review("sample-0", ReviewDecision.Edit, text));
        Assert.Equal(text, SynthesisedSet.Read(run).Samples[0].Text);
    }

    public void Dispose() => folder.Dispose();

    private static SynthesisReview Review(string sample, ReviewDecision decision, string? text = null) => new(sample, 1, decision, text, Noon);

    /// <summary>Three samples: the second is rejected twice, the others are accepted at once.</summary>
    private string Write(int round)
    {
        var options = new SynthesisOptions(Round: round, MaxAttempts: 2, BlindChecks: 0);
        var run = RunFolder.CreateOrOpen(folder.File($"round-{round}"), options.Describe("c", null, "p", new JsonObject()));
        var model = new ScriptedModel((question, decoding) => question.Sample.Id == "sample-1"
            ? ReportComposer.Compose([25], question.Sample.Emotion!.Value, (ulong)decoding.Seed) : ScriptedModel.Right(question, (ulong)decoding.Seed));
        FaceSample[] samples = [.. Enumerable.Range(0, 3).Select(number => Faces.Sample(number) with { ActionUnits = [6, 12], Emotion = Emotion.Happiness, Image = $"train/{number}.png", Pixels = Noise(number) })];
        Assert.NotNull(new SynthesisRound(options, model, TimeProvider.System).Run(run, samples, [], null, CancellationToken.None));
        return run.Path;
    }

    private static byte[] Noise(int seed)
    {
        var pixels = new byte[48 * 48];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }
}
