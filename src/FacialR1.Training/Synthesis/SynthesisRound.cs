using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Runs;

namespace FacialR1.Training.Synthesis;

/// <summary>
/// Stage 3 of the paper, one round: the model sees the labels of each sample and writes the reasoning; what passes the rule becomes training text. The first
/// attempt is greedy, further ones are sampled and told what was wrong. Afterwards a blind check asks again without labels.
/// </summary>
/// <remarks>
/// Every attempt is a line of <c>synthesis.jsonl</c>. A run that is killed and started again replays those lines through the same loop, so nothing that is
/// on disk is asked twice and the same samples end up accepted. Random numbers of an attempt depend on the seed, the round, the sample and the attempt alone.
/// </remarks>
public sealed class SynthesisRound(SynthesisOptions options, IHintedModel model, TimeProvider clock)
{
    private const string Phase = "synthesis", BlindPhase = "blind";

    /// <summary>Who is asked again without labels; null for the writer itself. One that was only taught to follow labels no longer looks at the photo.</summary>
    public IHintedModel? Blind { get; init; }

    /// <summary>Runs or goes on.</summary>
    /// <param name="run">Made with <see cref="SynthesisOptions.Describe"/>.</param>
    /// <param name="samples">At least one label each. Ids must be unique.</param>
    /// <param name="heldOut">Photos of validation and test: a sample that repeats one of them is left out.</param>
    /// <returns>What came of it; null when it was cancelled, then the run can be gone on with.</returns>
    /// <exception cref="ArgumentException">A sample has no label, or two have one id.</exception>
    /// <exception cref="DataFormatException">A line of the run folder cannot be read, or belongs to another sample set.</exception>
    public SynthesisFunnel? Run(RunFolder run, IReadOnlyList<FaceSample> samples, IReadOnlyList<FaceSample> heldOut, IProgress<TrainingUpdate>? progress, CancellationToken cancellationToken)
    {
        options.Check();
        Check(samples);
        using var hold = run.Hold();
        using var control = new RunControl(run, cancellationToken);
        using var events = new EventLog(run.EventFile, clock);
        var before = SynthesisAttempt.ReadAll(run.Path);
        run.WriteStatus(RunFolder.Running);
        events.Begin(new JsonObject { ["attempts"] = before.Count });
        try
        {
            var repeats = RepeatedPhotos.Find(samples, heldOut);
            var attempts = WriteAll(run, [.. samples.Where(sample => !repeats.ContainsKey(sample.Id))], before, events, progress, control);
            var blind = CheckBlindly(run, samples, attempts, events, progress, control);
            var funnel = SynthesisFunnel.Of(attempts, samples.Count, repeats.Count, blind);
            RunFolder.WriteWhole(Path.Combine(run.Path, SynthesisFunnel.FileName), funnel.ToJson().ToJsonString(SynthesisFunnel.Indented) + "\n");
            events.Append("completed", funnel.ToEvent());
            run.WriteStatus(RunFolder.Completed);
            return funnel;
        }
        catch (OperationCanceledException) when (control.Stopping.IsCancellationRequested)
        {
            control.Obeyed();
            events.Append("stopped", []);
            run.WriteStatus(RunFolder.Stopped);
            return null;
        }
        catch (Exception error)
        {
            events.Append("failed", new JsonObject { ["error"] = error.Message });
            run.WriteStatus(RunFolder.Failed);
            throw;
        }
    }

    /// <summary>Seed of one answer; stable over processes and versions.</summary>
    internal long SeedOf(string sample, int attempt)
    {
        var hash = 2166136261u;   // FNV-1a
        foreach (var letter in sample) hash = unchecked((hash ^ letter) * 16777619u);
        return FaceBatch.Mix(FaceBatch.Mix(FaceBatch.Mix(options.Seed, options.Round), (int)hash), attempt);
    }

    private List<SynthesisAttempt> WriteAll(
        RunFolder run, IReadOnlyList<FaceSample> samples, IReadOnlyList<SynthesisAttempt> before, EventLog events, IProgress<TrainingUpdate>? progress, RunControl control)
    {
        var known = Known(before, samples, run);
        var repeated = new RepeatedTexts(options.Similarity);
        var fresh = new Queue<FaceSample>(samples);
        List<Open> retries = [];
        List<SynthesisAttempt> attempts = [];
        using var lines = new JsonLines(Path.Combine(run.Path, SynthesisAttempt.FileName));
        var tally = new Tally(samples.Count, clock);
        while ((fresh.Count > 0 || retries.Count > 0) && MayGoOn(Phase, tally.Finished, samples.Count, events, control))
        {
            List<Open> wave = [.. retries];
            while (wave.Count < options.WaveSize && fresh.TryDequeue(out var sample)) wave.Add(new Open(sample, 1, Reflection.None));

            var asked = wave.Where(open => !known.ContainsKey((open.Sample.Id, open.Attempt))).ToList();
            var written = asked.Count == 0 ? [] : model.Write([.. asked.Select(Question)], control.Stopping);
            var answers = asked.Zip(written).ToDictionary(pair => pair.First.Sample.Id, pair => pair.Second);
            List<SynthesisAttempt> results = [];
            retries = [];
            foreach (var open in wave)
            {
                var attempt = known.GetValueOrDefault((open.Sample.Id, open.Attempt)) ?? Judge(open, answers[open.Sample.Id], repeated);
                results.Add(attempt);
                if (attempt.Accepted) repeated.Add(attempt.Text, attempt.Labels);
                else if (open.Attempt < options.MaxAttempts) retries.Add(open with { Attempt = open.Attempt + 1, Reflection = Reflect(attempt) });
            }

            attempts.AddRange(results);
            tally.Add(results, options.MaxAttempts);
            if (asked.Count == 0) continue;
            lines.Append(results.Where(result => answers.ContainsKey(result.Sample)).Select(result => result.ToJson()));
            Report(Phase, tally.Finished, samples.Count, asked.Count, tally.Values(results), tally.Pace(asked.Count), events, progress);
        }

        return attempts;
    }

    private SynthesisAttempt Judge(Open open, IReadOnlyList<WrittenAnswer> answers, RepeatedTexts repeated)
    {
        var (sample, answer) = (open.Sample, answers[0]);
        var labels = LabelsOf(sample);
        string[] others = [.. answers.Skip(1).Select(other => other.Text)];
        List<Rejection> faults = [.. options.Rule.Check(answer.Text, labels, answer.IsTruncated, others)];
        if (faults.Count == 0 && repeated.Count(answer.Text, labels) is var times && times >= options.MostRepeats) faults.Add(Rejection.RepeatedText(times));
        return new SynthesisAttempt(options.Round, sample.Id, sample.Image, labels, open.Attempt, options.TemperatureOf(open.Attempt), SeedOf(sample.Id, open.Attempt),
            Hint(open), answer.Text, answer.Tokens, answer.IsTruncated, others, [.. faults.Select(fault => fault.Text)], [.. faults.Select(fault => fault.Kind)],
            new SynthesisSource(model.Checkpoint, $"{model.Prompt}+{LabelHint.Version}", ReasoningParser.Version, AcceptanceRule.Version));
    }

    /// <summary>From the text alone, so that a run that goes on tells the model the same as an unbroken one.</summary>
    private Reflection Reflect(SynthesisAttempt attempt) => AcceptanceRule.Reflect(options.Rule.Check(attempt.Text, attempt.Labels, attempt.IsTruncated)) with
    {
        IsWordingBad = attempt.Kinds.Any(kind => kind is RejectionKind.Contradiction or RejectionKind.LabelsMentioned or RejectionKind.NegatedActionUnit or RejectionKind.RepeatedText),
    };

    private HintedQuestion Question(Open open)
    {
        var seed = SeedOf(open.Sample.Id, open.Attempt);
        var first = new DecodingOptions(Temperature: options.TemperatureOf(open.Attempt), MaxTokens: options.MaxTokens, Seed: seed);
        // Further answers must be able to differ, so they are sampled even where the first is greedy.
        var others = Enumerable.Range(1, options.Answers - 1)
            .Select(index => first with { Temperature = Math.Max(first.Temperature, options.LowestTemperature), Seed = FaceBatch.Mix((int)seed, index) });
        return new HintedQuestion(open.Sample, Hint(open), [first, .. others]);
    }

    private List<BlindAnswer> CheckBlindly(
        RunFolder run, IReadOnlyList<FaceSample> samples, List<SynthesisAttempt> attempts, EventLog events, IProgress<TrainingUpdate>? progress, RunControl control)
    {
        var accepted = attempts.Where(attempt => attempt.Accepted).OrderBy(attempt => SeedOf(attempt.Sample, 0)).ThenBy(attempt => attempt.Sample, StringComparer.Ordinal)
            .Take(options.BlindChecks).ToArray();
        var bySample = samples.ToDictionary(sample => sample.Id);
        var known = BlindAnswer.ReadAll(run.Path).ToDictionary(answer => answer.Sample);
        List<BlindAnswer> answers = [];
        using var lines = new JsonLines(Path.Combine(run.Path, BlindAnswer.FileName));
        var begun = clock.GetTimestamp();
        foreach (var wave in accepted.Chunk(options.WaveSize))
        {
            if (!MayGoOn(BlindPhase, answers.Count, accepted.Length, events, control)) break;
            var asked = wave.Where(attempt => !known.ContainsKey(attempt.Sample)).ToArray();
            var written = asked.Length == 0 ? [] : (Blind ?? model).Write(
                [.. asked.Select(attempt => new HintedQuestion(bySample[attempt.Sample], "", [DecodingOptions.Greedy with { MaxTokens = options.MaxTokens }]))], control.Stopping);
            foreach (var (attempt, answer) in asked.Zip(written)) known[attempt.Sample] = BlindAnswer.Of(attempt, answer[0].Text);
            answers.AddRange(wave.Select(attempt => known[attempt.Sample]));
            if (asked.Length == 0) continue;
            lines.Append(asked.Select(attempt => known[attempt.Sample].ToJson()));
            var measures = BlindMeasures.Of(answers)!.ToValues();
            Report(BlindPhase, answers.Count, accepted.Length, asked.Length, measures, answers.Count / Math.Max(1e-9, clock.GetElapsedTime(begun).TotalSeconds), events, progress);
        }

        return answers;
    }

    /// <summary>Between two waves: waits out a pause.</summary>
    /// <returns>False when the phase is to end here, with what there is.</returns>
    /// <exception cref="OperationCanceledException">The run is to stop.</exception>
    private static bool MayGoOn(string phase, long done, long all, EventLog events, RunControl control)
    {
        var asked = control.Look();
        if (asked == RunRequest.Pause)
        {
            Mark("paused");
            asked = control.WaitWhilePaused();
            if (asked != RunRequest.Stop) Mark("continued");
        }

        if (asked == RunRequest.Stop) throw new OperationCanceledException("Asked to stop.", control.Stopping);
        if (asked != RunRequest.Finish) return true;
        control.Obeyed();
        Mark("finished_early");
        return false;

        void Mark(string kind) => events.Append(kind, new JsonObject { ["phase"] = phase, ["step"] = done, ["steps"] = all });
    }

    private static void Report(string phase, long done, long all, int size, IReadOnlyDictionary<string, double> values, double pace, EventLog events, IProgress<TrainingUpdate>? progress)
    {
        var fields = new JsonObject { ["phase"] = phase, ["step"] = done, ["steps"] = all };
        foreach (var (name, value) in values) fields[name] = double.IsFinite(value) ? Math.Round(value, 6) : null;
        fields["samples_per_second"] = Math.Round(pace, 1);
        events.Append("step", fields);
        progress?.Report(new TrainingUpdate(phase, done, all, values, size, pace, TimeSpan.FromSeconds((all - done) / Math.Max(1e-9, pace))));
    }

    private static Dictionary<(string Sample, int Attempt), SynthesisAttempt> Known(IReadOnlyList<SynthesisAttempt> before, IReadOnlyList<FaceSample> samples, RunFolder run)
    {
        var ids = samples.Select(sample => sample.Id).ToHashSet();
        var known = new Dictionary<(string, int), SynthesisAttempt>();
        foreach (var attempt in before)
            if (!ids.Contains(attempt.Sample) || !known.TryAdd((attempt.Sample, attempt.Attempt), attempt))
                throw new DataFormatException($"{run.Path}: {SynthesisAttempt.FileName} has attempt {attempt.Attempt} of {attempt.Sample}, which is {(ids.Contains(attempt.Sample) ? "there twice" : "not among the samples")}. " +
                    "Give the data the run was begun with, or another run folder.");
        return known;
    }

    private static string Hint(Open open) => LabelHint.Of(LabelsOf(open.Sample), open.Reflection);

    private static ResponseLabels LabelsOf(FaceSample sample) => new(sample.Emotion, sample.ActionUnits);

    private static void Check(IReadOnlyList<FaceSample> samples)
    {
        if (samples.FirstOrDefault(sample => sample is { Emotion: null, ActionUnits: null }) is { } bare)
            throw new ArgumentException($"Sample {bare.Id} has neither an emotion nor AUs; there is nothing to show and nothing to check.", nameof(samples));
        if (samples.CountBy(sample => sample.Id).FirstOrDefault(count => count.Value > 1) is { Key: { } id })
            throw new ArgumentException($"Two samples have the id {id}.", nameof(samples));
    }

    /// <summary>A sample that still needs an answer.</summary>
    private sealed record Open(FaceSample Sample, int Attempt, Reflection Reflection);

    /// <summary>Counts on while waves go by, replayed ones included.</summary>
    private sealed class Tally(int samples, TimeProvider clock)
    {
        private readonly long begun = clock.GetTimestamp();
        private int accepted, attempts, answeredHere;

        public int Finished { get; private set; }

        public void Add(List<SynthesisAttempt> wave, int mostAttempts)
        {
            attempts += wave.Count;
            accepted += wave.Count(attempt => attempt.Accepted);
            Finished += wave.Count(attempt => attempt.Accepted || attempt.Attempt == mostAttempts);
        }

        /// <summary>Answers a second since this process began.</summary>
        public double Pace(int answered) => (answeredHere += answered) / Math.Max(1e-9, clock.GetElapsedTime(begun).TotalSeconds);

        public Dictionary<string, double> Values(List<SynthesisAttempt> wave) => new()
        {
            ["samples"] = samples, ["attempts"] = attempts, ["accepted"] = accepted, ["given_up"] = Finished - accepted,
            ["acceptance_rate"] = Finished == 0 ? double.NaN : (double)accepted / Finished,
            ["wave/acceptance_rate"] = (double)wave.Count(attempt => attempt.Accepted) / wave.Count,
            ["completions/mean_length"] = wave.Average(attempt => (double)attempt.Tokens),
            ["completions/clipped_ratio"] = (double)wave.Count(attempt => attempt.IsTruncated) / wave.Count,
        };
    }
}
