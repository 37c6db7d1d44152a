using System.CommandLine;
using System.Globalization;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Features.Compare;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>compare</c>: what changed between checkpoints, and whether it is real.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string[]> Results = new("results")
    {
        Description = "Two to four checkpoints by name (their results in data/evaluations) or files of \"evaluate --out\", from the earlier stage to the later.", Arity = new ArgumentArity(2, PairedComparison.MostModels),
    };

    private static readonly Option<string?> Benchmark = new("--benchmark") { Description = "The benchmark whose results are compared, such as fer-au/val or fer-au. Needed where a checkpoint has results on several." };

    private static readonly Option<IntervalKind> Intervals = new("--intervals") { Description = "percentile, or bca: shifted for the bias and skew of a measure.", DefaultValueFactory = _ => IntervalKind.Percentile };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the comparison as one JSON object." };
    private static readonly Option<bool> Units = new("--units") { Description = "Also print what changed for each action unit." };
    private static readonly Option<int> Resamples = new("--resamples") { Description = "Resamples of the bootstrap.", DefaultValueFactory = _ => Bootstrap.DefaultResamples };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of the bootstrap; same answers and seed, same numbers.", DefaultValueFactory = _ => 0UL };

    public static Command Create()
    {
        var command = new Command("compare",
            """
            Compares two to four checkpoints on the samples that all of them answered: each measure with its interval, each difference with a paired
            95% interval, an exact or bootstrap p, p after Holm over all comparisons, and one plain sentence; where right and wrong answers went; with
            --units which action units were gained, lost, newly hallucinated and corrected.
            """)
        { Results, Benchmark, Json, Units, Intervals, Resamples, Seed };
        command.SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var services = CommandServices.Create();
            var results = arguments.GetRequiredValue(Results).Select(name => Read(name, arguments.GetValue(Benchmark), services.Get<EvaluationFiles>())).ToArray();
            foreach (var result in results)
                if (result.Set.Rows.Count < result.Header.Samples) Terminal.Note($"{result.Name} is unfinished: {result.Set.Rows.Count} of {result.Header.Samples} samples.");
            foreach (var note in Comparisons.Notes([.. results.Select(result => (result.Name, result.Header))])) Terminal.Note(note);

            var comparison = PairedComparison.Of([.. Named(results)], arguments.GetValue(Seed), arguments.GetValue(Resamples), arguments.GetValue(Intervals), cancellationToken);
            if (arguments.GetValue(Json)) Terminal.Result.WriteLine(comparison.ToJson());
            else Print(comparison, arguments.GetValue(Units));
            return PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem("Stopped; nothing was compared.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    private sealed record Answered(string Name, ResultHeader Header, ResultSet Set);

    /// <summary>A file, unless a benchmark is given or there is no such file: then a name.</summary>
    private static Answered Read(string name, string? benchmark, EvaluationFiles files)
    {
        if (benchmark is null && (File.Exists(name) || name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)))
        {
            var (header, set) = ResultFile.Load(name);
            return new Answered(name, header, set);
        }

        var entry = ResultLookup.Find(name, benchmark, files.List());
        var model = files.LoadAsync(entry.Id).GetAwaiter().GetResult();   // a command has a thread of its own
        return new Answered(entry.Id, model.Header, model.Set);
    }

    /// <summary>Two results of one model (other decoding, other step) are told apart by their files.</summary>
    private static IEnumerable<ResultSet> Named(IReadOnlyList<Answered> results)
    {
        foreach (var result in results)
            yield return results.Count(other => other.Set.Name == result.Set.Name) == 1 ? result.Set
                : result.Set with { Name = File.Exists(result.Name) ? Path.GetFileNameWithoutExtension(result.Name) : result.Name };
    }

    private static void Print(PairedComparison comparison, bool withUnits)
    {
        foreach (var (name, dropped) in comparison.Dropped)
            if (dropped > 0) Terminal.Note($"{name}: {dropped} samples are left out because another model did not answer them.");

        var values = new Table { Title = new TableTitle(Markup.Escape(Invariant($"n = {comparison.N}{Subjects(comparison)}, 95% intervals ({(comparison.Intervals == IntervalKind.Bca ? "BCa" : "percentile")}), {comparison.Resamples} resamples"))) }.AddColumn("Measure");
        foreach (var name in comparison.Names) values.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        values.AddColumn(new TableColumn("n").RightAligned());
        foreach (var measure in comparison.Measures)
            values.AddRow([Markup.Escape(measure.Name), .. measure.Values.Select(value => Markup.Escape(Shown(value, measure))), Invariant($"{measure.N.Min()}")]);
        AnsiConsole.Write(values);

        foreach (var pair in comparison.Differences.GroupBy(difference => (difference.Earlier, difference.Later)))
        {
            var table = new Table { Title = new TableTitle(Markup.Escape($"{pair.Key.Earlier} → {pair.Key.Later} (Holm over {comparison.Family} tests)")) }
                .AddColumns(new TableColumn("Measure"), new TableColumn("Difference").RightAligned(), new TableColumn("p").RightAligned(), new TableColumn("Holm").RightAligned(), new TableColumn("In words"));
            foreach (var difference in pair.Where(difference => difference.Verdict is not (Verdict.NotDefined or Verdict.Described)))
                table.AddRow(
                    Markup.Escape(comparison.Measures.First(measure => measure.Id == difference.Measure).Name), difference.Difference is { } value ? Invariant($"{value:+0.000;−0.000;0.000}") : "n/a",
                    Shown(difference.P), Shown(difference.AdjustedP), Markup.Escape(difference.Sentence));
            AnsiConsole.Write(table);
            var changes = comparison.SampleChanges.First(change => (change.Earlier, change.Later) == pair.Key);
            Terminal.Result.WriteLine(Invariant(
                $"{changes.Fixed} fixed, {changes.Broken} broken, {changes.BothRight} right in both, {changes.BothWrong} wrong in both, {changes.ReasoningChanged} name other action units (n = {changes.Samples})"));
        }

        foreach (var flow in comparison.Flows.Where(flow => flow.N > 0)) Print(flow);
        if (!withUnits) return;
        foreach (var pair in comparison.UnitChanges) Print(pair);
    }

    private static void Print(OutcomeFlow flow)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(Invariant($"Outcomes, rows {flow.Earlier}, columns {flow.Later} (n = {flow.N})"))) }.AddColumn("");
        foreach (var outcome in AnswerOutcomes.All) table.AddColumn(new TableColumn(outcome.Label()).RightAligned());
        foreach (var outcome in AnswerOutcomes.All) table.AddRow([outcome.Label(), .. flow.Counts[(int)outcome].Select(count => Invariant($"{count}"))]);
        AnsiConsole.Write(table);
    }

    private static void Print(UnitChanges pair)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape($"Action units, {pair.Earlier} → {pair.Later}")) }.AddColumn("AU");
        foreach (var column in (string[])["Gained", "Lost", "Newly hallucinated", "Corrected", "n", "p", "Holm"]) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var unit in pair.Units)
            table.AddRow(unit.Unit, Invariant($"{unit.Gained}"), Invariant($"{unit.Lost}"), Invariant($"{unit.NewlyHallucinated}"), Invariant($"{unit.Corrected}"), Invariant($"{unit.Samples}"), Shown(unit.P), Shown(unit.AdjustedP));
        AnsiConsole.Write(table);
    }

    private static string Subjects(PairedComparison comparison) => comparison.Subjects is { } subjects ? Invariant($" of {subjects} subjects, resampled together") : "";

    private static string Shown(Estimate? value, ComparedMeasure measure) =>
        value is null ? $"n/a ({measure.WhyNot})" : value.Low is null ? Invariant($"{value.Value:F3}") : Invariant($"{value.Value:F3} ({value.Low:F3} – {value.High:F3})");

    private static string Shown(double? p) => p is null ? "" : p < 0.001 ? "< 0.001" : Invariant($"{p:F3}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
