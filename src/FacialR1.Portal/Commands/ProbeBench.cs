using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Inference.Probes;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Commands;

/// <summary>The part of <c>bench analysis</c> about probes: how long a map takes, that forced words give back the probabilities they were written with, and when answers are settled.</summary>
internal static class ProbeBench
{
    private const int Timed = 5;

    /// <param name="photos">Face crops.</param>
    public static async Task RunAsync(CommandServices services, string? checkpoint, IReadOnlyList<RgbImage> photos, CancellationToken cancellationToken)
    {
        var catalog = services.Get<CheckpointCatalog>();
        var entry = checkpoint is null ? catalog.Usable().DefaultChoice() : catalog.Find(checkpoint);
        if (entry is null) throw new ModelUnavailableException($"There is no such checkpoint in {catalog.Folder}. See \"checkpoints list\".");
        await using var lease = services.Get<ModelPool>().Rent(entry.Name);
        if (lease.Model is not IProbedModel model) throw new ModelUnavailableException($"{entry.Name} answers from another machine and cannot be probed.");

        var written = new List<(RgbImage Face, AnswerFinished Answer)>();
        foreach (var photo in photos)
            await foreach (var update in model.ContinueAsync(photo, "", DecodingOptions.Greedy, cancellationToken))
                if (update is AnswerFinished end && end.EmotionProbabilities.Count > 0) written.Add((photo, end));
        if (written.Count == 0) return;

        var (maps, gradients, work) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var (face, answer) in written.Take(Timed + 1))   // the first warms up
        {
            var text = AnswerCue.TextUpTo(ReasoningParser.Parse(answer.Text));
            if (services.Get<FaceEstimates>().Of(face)?.Landmarks is not { } landmarks) break;
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var covering = new Covering(face, Filling.Blur);
            var texts = OccludedPart.Of(landmarks).Select(part => new ForcedText(covering.Cover(PixelMask.Of(part.Outline, face.Width, face.Height)), text)).Prepend(new ForcedText(face, text)).ToArray();
            await model.ReadAsync(texts, null, cancellationToken);
            maps.Add(clock.Elapsed.TotalSeconds);
            work.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
            clock.Restart();
            await model.AttributeAsync(new ForcedText(face, text), new TextSpan(text.Length - AnswerCue.Tag.Length, AnswerCue.Tag.Length), 24, null, cancellationToken);
            gradients.Add(clock.Elapsed.TotalSeconds);
        }

        if (maps.Count > 1) Write($"Occlusion map of 12 regions with {entry.Name}: {Median(maps):0.000} s, {Median(work):0.000} s of processor time (medians of {maps.Count - 1}, aim 1.5 s); integrated gradients of 24 steps: {Median(gradients):0.000} s");

        var (worst, settled, areas, same) = (0.0, 0, new List<double>(), 0);
        foreach (var (face, answer) in written)
        {
            var reading = ClaimReader.Read(answer.Text);
            var cuts = EarlyAnswering.Cuts(reading);
            var readings = await model.ReadAsync([.. cuts.Append(AnswerCue.TextUpTo(reading.Trace)).Select(cut => new ForcedText(face, cut))], null, cancellationToken);
            worst = Math.Max(worst, answer.EmotionProbabilities.Max(entry => Math.Abs(entry.Value - readings[^1].EmotionProbabilities[entry.Key])));
            var early = new EarlyAnswers([.. reading.Sentences.Select(_ => "")], [.. readings.SkipLast(1).Select(one => one.EmotionProbabilities)]);
            if (early.AreaOverCurve() is not { } area) continue;
            areas.Add(area);
            if (area == 0) settled++;
            if (early.AnswerAfter(0) == early.Final()) same++;
        }

        Write($"Largest difference of an emotion's probability, forced and as written: {worst:0.000000} (n = {written.Count})");
        if (areas.Count > 0) Write($"Early answering: mean area over the curve {areas.Average():0.000} (n = {areas.Count}); settled before the first sentence {Share(settled, areas.Count)}; the same answer without any reasoning {Share(same, areas.Count)}");
    }

    /// <summary>Of all but the first, which warms up.</summary>
    private static double Median(List<double> values) => values.Skip(1).Order().ElementAt((values.Count - 1) / 2);

    private static void Write(FormattableString line) => Terminal.Result.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Share(int part, int whole) => Wilson.Interval(part, whole) is { } interval
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)part / whole:0.000} ({interval.Low:0.000} – {interval.High:0.000}, n = {whole})") : "n/a (n = 0)";
}
