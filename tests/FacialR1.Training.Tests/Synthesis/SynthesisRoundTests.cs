using FacialR1.Analysis.Reasoning;
using System.Text.Json.Nodes;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.Training.Runs;
using FacialR1.Training.Synthesis;
using FacialR1.Training.Tests.Data;
using FacialR1.TestKit;

namespace FacialR1.Training.Tests.Synthesis;

public sealed class SynthesisRoundTests : IDisposable
{
    private static readonly SynthesisOptions Small = new(WaveSize: 4, BlindChecks: 0);
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void The_first_attempt_is_greedy_and_the_next_is_sampled_and_told_what_was_wrong()
    {
        // Answers without its first unit until it is told that one is missing.
        var model = new ScriptedModel((question, decoding) => question.Hint.Contains("missing", StringComparison.Ordinal)
            ? ScriptedModel.Right(question, (ulong)decoding.Seed)
            : ReportComposer.Compose([.. question.Sample.ActionUnits!.Skip(1)], question.Sample.Emotion!.Value, seed: 1));
        var samples = Samples(3);
        var funnel = Run("told", model, samples)!;
        Assert.Equal(new SynthesisYield(3, 3), funnel.Total);
        Assert.Equal([new SynthesisYield(3, 0), new SynthesisYield(3, 3)], funnel.ByAttempt);
        Assert.Equal(3, funnel.Reasons[RejectionKind.MissingActionUnit]);

        var attempts = SynthesisAttempt.ReadAll(Path("told")).Where(attempt => attempt.Sample == samples[0].Id).ToArray();
        var codes = string.Join(", ", samples[0].ActionUnits!.Select(ActionUnit.CodeOf));
        Assert.Equal($"Labels: {codes}, {samples[0].Emotion!.Value.Name()}.", attempts[0].Hint);
        Assert.Equal($"{attempts[0].Hint} Reflection: missing AU{samples[0].ActionUnits![0]}.", attempts[1].Hint);
        Assert.Equal([$"missing AU{samples[0].ActionUnits![0]}"], attempts[0].Reasons);
        Assert.Equal([0, 0.7], attempts.Select(attempt => attempt.Temperature));
        Assert.Equal(new SynthesisSource("c0ffee", $"test-prompt/1+{LabelHint.Version}", ReasoningParser.Version, AcceptanceRule.Version), attempts[1].Source);
    }

    [Fact]
    public void A_sample_is_given_up_after_six_attempts_of_rising_temperature()
    {
        var model = new ScriptedModel((_, _) => "<think>I do not want to.</think>");
        var funnel = Run("stubborn", model, Samples(2))!;
        Assert.Equal(new SynthesisYield(2, 0), funnel.Total);
        Assert.Equal((12, 2), (funnel.Attempts, funnel.GivenUpFor[RejectionKind.Format]));
        var first = SynthesisAttempt.ReadAll(Path("stubborn")).Where(attempt => attempt.Sample == "sample-0").ToArray();
        Assert.Equal([0, 0.7, 0.775, 0.85, 0.925, 1], first.Select(attempt => Math.Round(attempt.Temperature, 4)));
        Assert.Equal(6, first.Select(attempt => attempt.Seed).Distinct().Count());
        Assert.Empty(SynthesisedSet.Read(Path("stubborn")).Samples);
    }

    [Fact]
    public void Yield_is_counted_per_emotion_unit_and_attempt()
    {
        var samples = Enumerable.Range(0, 8).Select(number => Faces.Sample(number) with { Pixels = Noise(number), Emotion = number % 2 == 0 ? Emotion.Anger : Emotion.Fear, ActionUnits = number < 4 ? [4] : [1, 4] }).ToArray();
        // Fear is never written; of anger only the samples without AU1 succeed.
        var model = new ScriptedModel((question, decoding) => question.Sample.Emotion == Emotion.Fear ? ReportComposer.Compose([4], Emotion.Anger, 1)
            : ReportComposer.Compose([4], Emotion.Anger, (ulong)decoding.Seed));
        var funnel = Run("yield", model, samples, Small with { MaxAttempts = 2 })!;
        Assert.Equal(new SynthesisYield(8, 2), funnel.Total);
        Assert.Equal(new SynthesisYield(4, 2), funnel.ByEmotion[Emotion.Anger]);
        Assert.Equal(new SynthesisYield(4, 0), funnel.ByEmotion[Emotion.Fear]);
        Assert.Equal(new SynthesisYield(4, 0), funnel.ByActionUnit[1]);
        Assert.Equal(new SynthesisYield(8, 2), funnel.ByActionUnit[4]);
        Assert.Equal([new SynthesisYield(8, 2), new SynthesisYield(6, 0)], funnel.ByAttempt);
        Assert.Equal((8, 4), (funnel.Reasons[RejectionKind.WrongEmotion], funnel.GivenUpFor[RejectionKind.WrongEmotion]));
        var json = JsonNode.Parse(File.ReadAllText(folder.File("yield/funnel.json")))!;
        Assert.Equal(2, (int)json["byEmotion"]!["anger"]!["accepted"]!);
    }

    [Fact]
    public void A_round_that_is_told_to_finish_ends_with_what_it_has_and_one_that_is_told_to_stop_goes_on_later()
    {
        var samples = Samples(11);
        Open("early");
        var early = new ScriptedModel(Moody) { BeforeBatch = asked => { if (asked >= 4) Open("early").Ask(RunRequest.Finish); } };
        var funnel = Run("early", early, samples)!;
        Assert.Equal((8, "completed", RunRequest.None), (early.Asked.Count, Open("early").Status, Open("early").Asked()));
        Assert.InRange(funnel.Total.Accepted, 1, 8);
        Assert.Contains("\"finished_early\"", File.ReadAllText(Open("early").EventFile), StringComparison.Ordinal);

        Run("whole", new ScriptedModel(Moody), samples);
        Open("stopped");
        Assert.Null(Run("stopped", new ScriptedModel(Moody) { BeforeBatch = asked => { if (asked >= 4) Open("stopped").Ask(RunRequest.Stop); } }, samples));
        Assert.Equal(("stopped", RunRequest.None), (Open("stopped").Status, Open("stopped").Asked()));
        Assert.NotNull(Run("stopped", new ScriptedModel(Moody), samples));
        Assert.Equal(File.ReadAllText(folder.File("whole/synthesis.jsonl")), File.ReadAllText(folder.File("stopped/synthesis.jsonl")));
    }

    [Fact]
    public async Task A_paused_round_waits_between_two_waves()
    {
        var run = Open("paused");
        var training = Task.Run(() => Run("paused", new ScriptedModel(Moody) { BeforeBatch = asked => { if (asked == 4) run.Ask(RunRequest.Pause); } }, Samples(11)));
        while (run.Status != RunFolder.Paused) await Task.Delay(5);
        var lines = File.ReadLines(folder.File("paused/synthesis.jsonl")).Count();
        await Task.Delay(150);
        Assert.Equal(lines, File.ReadLines(folder.File("paused/synthesis.jsonl")).Count());
        run.Ask(RunRequest.None);
        Assert.NotNull(await training.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(17)]
    public void A_killed_round_goes_on_to_the_same_file_and_asks_nothing_twice(int killedAfter)
    {
        var samples = Samples(11);
        var whole = new ScriptedModel(Moody);
        Run("whole", whole, samples);
        Assert.True(whole.Asked.Count > samples.Count + 5, "Some samples must need a second attempt, or nothing is shown.");

        var broken = new ScriptedModel(Moody) { BeforeBatch = asked => { if (asked >= killedAfter) throw new IOException("the lights went out"); } };
        Assert.Throws<IOException>(() => Run("broken", broken, samples));
        Assert.Equal("failed", Open("broken").Status);
        // A kill in the middle of a write leaves half a line, and the end of a wave is not there.
        var file = folder.File("broken/synthesis.jsonl");
        var lines = File.ReadAllLines(file);
        var kept = Math.Max(0, lines.Length - 2);
        File.WriteAllText(file, string.Concat(lines.Take(kept).Select(line => line + "\n")) + (lines.Length > kept ? lines[kept][..20] : ""));

        var second = new ScriptedModel(Moody);
        var funnel = Run("broken", second, samples)!;
        Assert.Equal(File.ReadAllText(folder.File("whole/synthesis.jsonl")), File.ReadAllText(file));
        Assert.Equal(whole.Asked.Count - kept, second.Asked.Count);
        Assert.Equal(File.ReadAllText(folder.File("whole/funnel.json")), File.ReadAllText(folder.File("broken/funnel.json")));
        Assert.Empty(Third().Asked);
        Assert.Equal(samples.Count, funnel.Total.Asked);

        ScriptedModel Third()
        {
            var third = new ScriptedModel(Moody);
            Run("broken", third, samples);
            return third;
        }
    }

    [Fact]
    public void A_round_that_is_stopped_says_so_and_can_go_on()
    {
        using var stop = new CancellationTokenSource();
        var model = new ScriptedModel((question, _) => ScriptedModel.Right(question, 1)) { BeforeBatch = asked => { if (asked >= 4) stop.Cancel(); } };
        Assert.Null(Run("stopped", model, Samples(9), cancellationToken: stop.Token));
        Assert.Equal("stopped", Open("stopped").Status);
        Assert.Equal(9, Run("stopped", new ScriptedModel((question, _) => ScriptedModel.Right(question, 1)), Samples(9))!.Total.Accepted);
        var kinds = File.ReadLines(folder.File("stopped/events.jsonl")).Select(line => (string)JsonNode.Parse(line)!["kind"]!);
        Assert.Equal(["started", "step", "stopped", "resumed", "step", "step", "completed"], kinds);
    }

    [Fact]
    public void The_blind_check_shows_no_label_and_counts_what_is_reproduced()
    {
        var samples = Samples(10);
        var blind = 0;
        // With labels all is right; blindly the emotion is always anger and the units are those of the labels.
        var model = new ScriptedModel((question, decoding) =>
        {
            if (question.Hint.Length > 0) return ScriptedModel.Right(question, (ulong)decoding.Seed);
            blind++;
            return ReportComposer.Compose([.. question.Sample.ActionUnits!], Emotion.Anger, 7);
        });
        var measures = Run("blind", model, samples, Small with { BlindChecks = 7 })!.Blind!;
        var asked = model.Asked.Where(question => question.Hint.Length == 0).Select(question => question.Sample).ToArray();
        Assert.Equal((7, 7), (blind, measures.N));
        Assert.Equal(asked.Count(sample => sample.Emotion == Emotion.Anger) / 7.0, measures.SameEmotion.Value, 9);
        Assert.Equal((1, 1), (measures.SameActionUnits.Value, measures.ActionUnitF1.Value));
        Assert.InRange(measures.SameEmotion.Low!.Value, 0, measures.SameEmotion.Value);

        var again = new ScriptedModel((_, _) => throw new InvalidOperationException("asked again"));
        Assert.Equal(measures, Run("blind", again, samples, Small with { BlindChecks = 7 })!.Blind);
    }

    [Fact]
    public void Another_checkpoint_than_the_writer_can_be_asked_blindly()
    {
        var writer = new ScriptedModel((question, decoding) => ScriptedModel.Right(question, (ulong)decoding.Seed));
        var seeing = new ScriptedModel((question, _) => ReportComposer.Compose([.. question.Sample.ActionUnits!], question.Sample.Emotion!.Value, 7));
        var options = Small with { BlindChecks = 5 };
        var funnel = new SynthesisRound(options, writer, TimeProvider.System) { Blind = seeing }.Run(Open("two", options), Samples(8), [], progress: null, CancellationToken.None)!;
        Assert.Equal((5, 1.0), (funnel.Blind!.N, funnel.Blind.SameEmotion.Value));
        Assert.All(writer.Asked, question => Assert.NotEmpty(question.Hint));
        Assert.Equal(5, seeing.Asked.Count(question => question.Hint.Length == 0));
    }

    [Fact]
    public void A_wording_that_was_accepted_often_enough_is_asked_for_in_other_words()
    {
        var samples = Enumerable.Range(0, 6).Select(number => Faces.Sample(number) with { Pixels = Noise(number), Emotion = Emotion.Fear, ActionUnits = [1, 4] }).ToArray();
        var model = new ScriptedModel((question, _) => ScriptedModel.Right(question, question.Hint.EndsWith("Reflection: wording.", StringComparison.Ordinal) ? 8ul : 1ul));
        var funnel = Run("repeats", model, samples, Small with { MostRepeats = 3 })!;
        Assert.Equal([new SynthesisYield(6, 3), new SynthesisYield(3, 3)], funnel.ByAttempt);
        Assert.Equal(3, funnel.Reasons[RejectionKind.RepeatedText]);
    }

    [Fact]
    public void Photos_of_the_held_out_splits_are_not_written_about()
    {
        var samples = Samples(5);
        var model = new ScriptedModel((question, _) => ScriptedModel.Right(question, 1));
        var funnel = Run("held", model, samples, heldOut: [samples[2] with { Id = "test-00007" }])!;
        Assert.Equal((5, 1, 4), (funnel.Samples, funnel.RepeatedPhotos, funnel.Total.Asked));
        Assert.DoesNotContain(model.Asked, question => question.Sample.Id == samples[2].Id);
    }

    [Fact]
    public void Several_answers_are_asked_for_and_kept_when_the_majority_decides()
    {
        var samples = Samples(2).Select(sample => sample with { ActionUnits = null, Emotion = Emotion.Happiness }).ToArray();
        var model = new ScriptedModel((_, decoding) => ReportComposer.Compose(decoding.Temperature == 0 ? [6, 12, 25] : [6, 12], Emotion.Happiness, 3));
        var funnel = Run("majority", model, samples, Small with { Answers = 3 })!;
        Assert.Equal([new SynthesisYield(2, 0), new SynthesisYield(2, 2)], funnel.ByAttempt);
        var attempts = SynthesisAttempt.ReadAll(Path("majority"));
        Assert.All(attempts, attempt => Assert.Equal(2, attempt.Others.Count));
        Assert.Equal("Labels: happiness.", attempts[0].Hint);
        Assert.Equal(RejectionKind.NoMajority, attempts[0].Kinds.Single());
    }

    [Fact]
    public void Samples_that_cannot_be_asked_about_are_refused()
    {
        var model = new ScriptedModel((_, _) => "");
        var bare = Samples(1)[0] with { Emotion = null, ActionUnits = null };
        Assert.Contains("neither an emotion nor AUs", Assert.Throws<ArgumentException>(() => Run("bare", model, [bare])).Message, StringComparison.Ordinal);
        Assert.Contains("Two samples have the id sample-0", Assert.Throws<ArgumentException>(() => Run("twice", model, [.. Samples(1), .. Samples(1)])).Message, StringComparison.Ordinal);
        Run("other", new ScriptedModel((question, _) => ScriptedModel.Right(question, 1)), Samples(3));
        Assert.Contains("not among the samples", Assert.Throws<DataFormatException>(() => Run("other", model, Samples(2))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Right in about one of three attempts, decided by the seed of the attempt.</summary>
    private static string Moody(HintedQuestion question, Analysis.DecodingOptions decoding) => decoding.Seed % 3 == 0 ? ScriptedModel.Right(question, (ulong)decoding.Seed) : "<think>No.</think>";

    private static IReadOnlyList<FaceSample> Samples(int count) =>
        [.. Enumerable.Range(0, count).Select(number => Faces.Sample(number) with { Pixels = Noise(number), Image = $"train/{number:00000}.png", ActionUnits = number % 2 == 0 ? [6, 12] : [1, 4, 20] })];

    /// <summary>Photos that no hash takes for one another.</summary>
    private static byte[] Noise(int seed)
    {
        var pixels = new byte[48 * 48];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    private string Path(string name) => folder.File(name);

    private RunFolder Open(string name, SynthesisOptions? options = null) =>
        RunFolder.CreateOrOpen(Path(name), (options ?? Small).Describe("c0ffee", "mini-grpo", "test-prompt/1", new JsonObject { ["name"] = "made up" }));

    private SynthesisFunnel? Run(string name, IHintedModel model, IReadOnlyList<FaceSample> samples, SynthesisOptions? options = null, IReadOnlyList<FaceSample>? heldOut = null,
        CancellationToken cancellationToken = default) =>
        new SynthesisRound(options ?? Small, model, TimeProvider.System).Run(Open(name, options), samples, heldOut ?? [], progress: null, cancellationToken);
}
