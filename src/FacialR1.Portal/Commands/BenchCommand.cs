using System.CommandLine;
using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Portal.Inference;
using FacialR1.Training.Benchmarks;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>bench inference</c>: how fast the engine is on this machine; <c>bench analysis</c>: how far claims and alignment can be trusted; <c>bench statistics</c>: how fast intervals are;
/// <c>bench pages</c>: how fast pages are in a browser; <c>bench web</c>: how the benchmark pages do with very many samples.</summary>
internal static class BenchCommand
{
    private static readonly Option<string?> Checkpoint = new("--checkpoint") { Description = "Name from \"checkpoints list\". Default: the embedded Mini." };

    public static Command Create()
    {
        var inference = new Command("inference",
            "Measures matrix products, vision, prefill, decoding at batch 1, 16 and 64, the time to the first token and training; ratios count, absolute numbers belong to the machine.")
        { Checkpoint };
        inference.SetAction((arguments, cancellationToken) => Task.Run(() => Inference(arguments, cancellationToken), CancellationToken.None));
        return new Command("bench", "Measures speed, and what claims and alignment are worth.") { inference, AnalysisBench.Create(), StatisticsBench.Create(), PageBench.Create(), WebBench.Create() };
    }

    private static int Inference(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var services = CommandServices.Create();
        var catalog = services.Get<CheckpointCatalog>();
        var entry = arguments.GetValue(Checkpoint) is { } name ? catalog.Find(name) : catalog.Usable().DefaultChoice();
        if (entry?.Folder is not { } folder)
        {
            Terminal.Problem(entry is null
                ? $"There is no such checkpoint in {catalog.Folder}. See \"checkpoints list\"."
                : $"{entry.Name} is behind a server, which has tools of its own to measure its speed. Choose a checkpoint on this machine.");
            return PortalCommandLine.Failure;
        }

        try
        {
            var table = new Table().AddColumns(new TableColumn("Measure"), new TableColumn("Value").RightAligned(), new TableColumn("Unit"));
            foreach (var (measure, value, unit) in InferenceBenchmark.Run(folder, cancellationToken))
            {
                Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{measure}: {value:G4} {unit}"));
                table.AddRow(Markup.Escape(measure), value.ToString(value < 10 ? "F2" : "F0", CultureInfo.InvariantCulture), unit);
            }

            AnsiConsole.Write(table);
            return PortalCommandLine.Success;
        }
        catch (ModelUnavailableException error)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }
}
