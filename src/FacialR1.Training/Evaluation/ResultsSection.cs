using System.Globalization;
using System.Text;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Evaluation;

/// <summary>What the results page says about one benchmark: every checkpoint with 95% intervals and n, and every step from one stage to the next with a paired interval.</summary>
/// <remarks>All numbers come from <see cref="PairedComparison"/>, so that page, command and document cannot differ. Subjects are resampled where there are some.</remarks>
public sealed class ResultsSection
{
    private static readonly string[] Full = ["emotion-accuracy", "emotion-macro-f1", "au-macro-f1", "hallucination", "coverage", "right-reasons", "format-rate"];
    private static readonly string[] Short = ["emotion-accuracy", "au-macro-f1", "hallucination", "coverage"];
    private static readonly string[] Steps = ["emotion-accuracy", "au-macro-f1", "hallucination", "coverage", "right-reasons"];
    private readonly ResultHeader header;
    private readonly PairedComparison first;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<Estimate?> Values, IReadOnlyList<int> N)> models;
    private readonly IReadOnlyList<(string Earlier, string Later, PairedComparison Comparison)> steps;

    /// <summary>Compares.</summary>
    /// <param name="header">Of one of the results: benchmark, labels.</param>
    /// <param name="chain">One to four checkpoints of which each was trained from the one before.</param>
    /// <param name="others">Further checkpoints; each is compared with the last of the chain.</param>
    /// <param name="cancellationToken">Checked between resamples.</param>
    /// <exception cref="ArgumentException">Fewer than two checkpoints, or results that cannot be compared.</exception>
    public ResultsSection(ResultHeader header, IReadOnlyList<ResultSet> chain, IReadOnlyList<ResultSet> others, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(others);
        if (chain.Count is < 1 or > PairedComparison.MostModels || chain.Count + others.Count < 2)
            throw new ArgumentException($"Results are written for a chain of one to {PairedComparison.MostModels} checkpoints and any number beside it, two in all at least.");
        this.header = header;
        var staged = chain.Count > 1 ? PairedComparison.Of(chain, cancellationToken: cancellationToken) : null;
        var beside = others.Select(other => PairedComparison.Of([chain[^1], other], cancellationToken: cancellationToken)).ToArray();
        first = staged ?? beside[0];
        static (string, IReadOnlyList<Estimate?>, IReadOnlyList<int>) Side(PairedComparison comparison, int side) =>
            (comparison.Names[side], [.. comparison.Measures.Select(measure => measure.Values[side])], [.. comparison.Measures.Select(measure => measure.N[side])]);
        models = [.. chain.Select((_, side) => Side(first, side)), .. beside.Select(comparison => Side(comparison, 1))];
        steps =
        [
            .. chain.Zip(chain.Skip(1), (earlier, later) => (earlier.Name, later.Name, staged!)),
            .. beside.Select(comparison => (comparison.Names[0], comparison.Names[1], comparison)),
        ];
    }

    /// <summary>Name between the markers of the document: the benchmark, with "-" for "/".</summary>
    public string Name => header.Benchmark.Replace('/', '-');

    /// <summary>Everything, for docs/results.md.</summary>
    public string Document()
    {
        var text = new StringBuilder();
        text.Append(Invariant($"**{header.Benchmark}**, n = {first.N}{Subjects()}, 95% intervals, {first.Resamples} resamples. {header.LabelNote}\n\n"));
        Table(text, Full, withN: true);
        text.Append(Invariant($"\n| Step, paired 95% interval | {string.Join(" | ", Steps.Select(id => Measure(id).Name))} |\n|{Rule(Steps.Length + 1)}\n"));
        foreach (var (earlier, later, comparison) in steps)
            text.Append(Invariant($"| {earlier} → {later} | {string.Join(" | ", Steps.Select(id => Shown(comparison.Differences.First(row => row.Measure == id && row.Earlier == earlier && row.Later == later))))} |\n"));
        text.Append(Invariant($"\nHolm over {string.Join(" and ", steps.Select(step => step.Comparison.Family).Distinct().Select(family => family.ToString(CultureInfo.InvariantCulture)))} tests; {ComparisonMeasure.Version}, {header.Parser}, {(header.Decoding.Temperature == 0 ? "greedy answers" : "sampled answers")}.\n"));
        foreach (var (earlier, later, comparison) in steps)
            foreach (var id in Short[..2])
                text.Append(Invariant($"\n- {earlier} → {later}: {comparison.Differences.First(row => row.Measure == id && row.Earlier == earlier && row.Later == later).Sentence}"));
        return text.Append('\n').ToString();
    }

    /// <summary>The short table, for the README.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        text.Append(Invariant($"**{header.Benchmark}**, n = {first.N}{Subjects()}, 95% intervals. {header.LabelNote}\n\n"));
        Table(text, Short, withN: false);
        return text.ToString();
    }

    private void Table(StringBuilder text, string[] ids, bool withN)
    {
        text.Append(Invariant($"| Checkpoint | {string.Join(" | ", ids.Select(id => Measure(id).Name))} |\n|{Rule(ids.Length + 1)}\n"));
        foreach (var (name, values, n) in models)
            text.Append(Invariant($"| {name} | {string.Join(" | ", ids.Select(id => Shown(values[Index(id)], withN && n[Index(id)] != first.N ? n[Index(id)] : null)))} |\n"));
    }

    private string Subjects() => first.Subjects is { } subjects ? Invariant($" of {subjects} subjects, resampled together") : "";

    private ComparedMeasure Measure(string id) => first.Measures[Index(id)];

    private int Index(string id) => first.Measures.Index().First(row => row.Item.Id == id).Index;

    private static string Rule(int columns) => string.Concat(Enumerable.Repeat(" --- |", columns));

    private static string Shown(Estimate? value, int? n) =>
        (value is null ? "n/a" : value.Low is null ? Invariant($"{value.Value:F3}") : Invariant($"{value.Value:F3} ({value.Low:F3} – {value.High:F3})")) + (n is null ? "" : Invariant($", n = {n}"));

    private static string Shown(MeasureDifference difference)
    {
        if (difference.Difference is not { } value) return "n/a";
        var interval = difference.Low is null ? "" : Invariant($" ({difference.Low:+0.000;−0.000;0.000} to {difference.High:+0.000;−0.000;0.000})");
        var p = difference.AdjustedP is not { } adjusted ? "" : adjusted < 0.001 ? ", p < 0.001" : Invariant($", p = {adjusted:F3}");
        return Invariant($"{value:+0.000;−0.000;0.000}{interval}{p}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
