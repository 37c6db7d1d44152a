using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Portal.Commands;

/// <summary><c>bench statistics</c>: how long intervals and whole comparisons take, on made-up answers.</summary>
internal static class StatisticsBench
{
    private static readonly int[] Bp4d = [1, 2, 4, 6, 7, 10, 12, 14, 15, 17, 23, 24];

    public static Command Create()
    {
        var command = new Command("statistics", "Measures 10,000 resamples of AU macro-F1 over 2,000 samples × 12 units (aim 1 s) and a comparison of two models on 20,000 samples (aim 2 s).");
        command.SetAction((arguments, cancellationToken) => Task.Run(() => Run(cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(CancellationToken cancellationToken)
    {
        var warmUp = Sets(200, 2);
        PairedComparison.Of(warmUp, resamples: 500, cancellationToken: cancellationToken);
        PairedComparison.Of(warmUp, resamples: 500, intervals: IntervalKind.Bca, cancellationToken: cancellationToken);

        var rows = Sets(2_000, 1)[0].Rows.Select(row => row.Reading).ToArray();
        Print("10,000 resamples of macro-F1 alone, 2,000 samples × 12 units (aim 1 s)", () =>
        {
            var table = new CountTable(rows.Length, 2 * Bp4d.Length);
            for (var row = 0; row < rows.Length; row++)
                for (var unit = 0; unit < Bp4d.Length; unit++)
                {
                    var (isClaimed, isTrue) = (rows[row].MentionedActionUnits.Contains(Bp4d[unit]), rows[row].Labels.ActionUnits!.Contains(Bp4d[unit]));
                    (table[row][2 * unit], table[row][2 * unit + 1]) = (isClaimed && isTrue ? 2 : 0, (isClaimed ? 1 : 0) + (isTrue ? 1 : 0));
                }
            Bootstrap.Resample(table, 1, (totals, values) =>
            {
                var sum = 0.0;
                for (var unit = 0; unit < Bp4d.Length; unit++) sum += (double)totals[2 * unit] / totals[2 * unit + 1];
                values[0] = sum / Bp4d.Length;
            }, new Pcg32(1))[0].Interval();
        });
        Print("10,000 resamples of all measures of a report, 2,000 samples × 12 units", () => EvaluationReport.Of(rows, Bp4d));
        Print("comparison of two models, 2,000 samples, 10,000 resamples, percentile", () => PairedComparison.Of(Sets(2_000, 2), cancellationToken: cancellationToken));
        var many = Sets(20_000, 2);
        Print("comparison of two models, 20,000 samples, 10,000 resamples, percentile (aim 2 s)", () => PairedComparison.Of(many, cancellationToken: cancellationToken));
        Print("the same, BCa", () => PairedComparison.Of(many, intervals: IntervalKind.Bca, cancellationToken: cancellationToken));
        var comparison = PairedComparison.Of(many, resamples: 100, cancellationToken: cancellationToken);
        IReadOnlyList<ComparedSample> samples = [];
        Print("samples of the pair with their changes, 20,000", () => samples = ComparedSample.Of(comparison, 0, 1));
        Print("filter and sort 20,000 samples (aim 0.3 s)", () => new SampleFilter { Change = SampleChange.Disagree, Search = "AU12" }.Of(samples, Bp4d).Sort(SampleOrder.Gain, descending: true));
        return PortalCommandLine.Success;
    }

    /// <summary>Answers that agree with the labels more often from model to model.</summary>
    private static ResultSet[] Sets(int samples, int models)
    {
        var random = new Pcg32(7);
        int[] Draw() => [.. Bp4d.Where(_ => random.NextDouble() < 0.3)];
        var labels = Enumerable.Range(0, samples).Select(_ => new ResponseLabels(Emotions.All[random.NextInt(Emotions.All.Count)], Draw())).ToArray();
        return [.. Enumerable.Range(0, models).Select(model => new ResultSet($"model {model + 1}", Bp4d, [.. labels.Select((label, index) =>
        {
            var isRight = random.NextDouble() < 0.4 + 0.1 * model;
            var answer = isRight ? label.Emotion!.Value : Emotions.All[random.NextInt(Emotions.All.Count)];
            int[] units = isRight ? [.. label.ActionUnits!] : Draw();
            var text = $"<think>{string.Join(", ", units.Select(unit => $"movement {ActionUnit.CodeOf(unit)}"))}.</think>\n<answer>{answer.Name()}</answer>";
            var share = 0.3 + 0.7 * random.NextDouble();
            return new ResultRow(string.Create(CultureInfo.InvariantCulture, $"s{index:000000}"), null, text, 40, new Dictionary<Emotion, double> { [answer] = share }, new EvaluationRow(true, answer, units, label));
        })]))];
    }

    /// <summary>The best of three. Processor time is what it would take alone on one core, however busy the machine is.</summary>
    private static void Print(string what, Action work)
    {
        var (best, leastWork) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        using var process = Process.GetCurrentProcess();
        for (var time = 0; time < 3; time++)
        {
            var (begun, worked) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
            work();
            var elapsed = Stopwatch.GetElapsedTime(begun);
            process.Refresh();
            var cpu = process.TotalProcessorTime - worked;
            if (elapsed < best) best = elapsed;
            if (cpu < leastWork) leastWork = cpu;
        }
        Terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {best.TotalSeconds:0.000} s, {leastWork.TotalSeconds:0.000} s of processor time"));
    }
}
