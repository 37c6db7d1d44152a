using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FacialR1.Portal.Runs;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>runs</c>: what the Training page can do, without a browser. It works on the folders, so it needs no running portal.</summary>
internal static class RunsCommand
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private static readonly Argument<string> Run = new("run") { Description = "Id of the run, as \"runs list\" shows it." };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line." };
    private static readonly Option<bool> Queue = new("--queue") { Description = "Leave it to a running portal, which starts it when its device is free." };

    public static Command Create()
    {
        var list = new Command("list", "Lists the runs with state, stage and progress.") { Json };
        list.SetAction(arguments => List(arguments.GetValue(Json)));
        var resume = new Command("resume", "Ends a pause. One that was stopped, failed or was interrupted goes on here, in this terminal, from where it last saved.") { Run, Queue };
        resume.SetAction(ResumeAsync);
        return new Command("runs", "Looks after training runs.")
        {
            list, resume,
            Order("stop", "Saves after the present step and ends. The run can be resumed.", (desk, run, token) => desk.StopAsync(run, token)),
            Order("pause", "Saves after the present step and waits.", (desk, run, token) => desk.PauseAsync(run, token)),
            Order("finish", "Ends the present phase after the present step as if it were done: saves, validates and writes its checkpoint.", (desk, run, token) => desk.FinishAsync(run, token)),
            Order("kill", "Ends the process at once, unsaved. For one that does not obey; it can be resumed from where it last saved.", (desk, run, token) => desk.KillAsync(run, token)),
        };
    }

    /// <summary>A table for people or one object a line for programs.</summary>
    internal static void Write(IReadOnlyList<RunSummary> runs, bool json)
    {
        if (json)
        {
            foreach (var run in runs) Terminal.Result.WriteLine(JsonSerializer.Serialize(run, Lines));
            return;
        }

        var table = new Table().AddColumns("Run", "State", "Kind", "Phase", "Step", "Left", "Last values");
        table.Columns[4].RightAligned();
        table.Columns[5].RightAligned();
        foreach (var run in runs)
            table.AddRow(
                Markup.Escape(run.Name == run.Id ? run.Id : $"{run.Id} ({run.Name})"), Markup.Escape(run.QueuePlace is { } place ? string.Create(CultureInfo.InvariantCulture, $"{run.State}, place {place}") : run.State.ToString()),
                Markup.Escape(string.Join(' ', new[] { run.Kind, run.Stage }.OfType<string>().Distinct())), Markup.Escape(run.Phase ?? "–"),
                string.Create(CultureInfo.InvariantCulture, $"{run.Step}{(run.Steps is { } steps ? $"/{steps.ToString(CultureInfo.InvariantCulture)}" : "")}"),
                run.Remaining is { } left ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}:{left:mm\\:ss}") : "–",
                Markup.Escape(run.Problem ?? string.Join(", ", run.Values.Concat(run.Validation).Where(value => value.Key is "loss" or "reward" or "val_emotion_accuracy" or "val_au_macro_f1").Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value:0.####}")))));
        AnsiConsole.Write(table);
    }

    private static int List(bool json)
    {
        using var services = CommandServices.Create();
        var catalog = services.Get<RunCatalog>();
        var runs = catalog.Refresh();
        if (runs.Count == 0) Terminal.Note($"There is no run in {catalog.Folder}. \"train sft\" or the Training page starts one.");
        Write(runs, json);
        return PortalCommandLine.Success;
    }

    private static Command Order(string name, string description, Func<RunDesk, string, CancellationToken, Task> order)
    {
        var command = new Command(name, description) { Run };
        command.SetAction((arguments, cancellationToken) => AskAsync(arguments.GetRequiredValue(Run), order, cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(string run, Func<RunDesk, string, CancellationToken, Task> order, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Create();
        try
        {
            await order(services.Get<RunDesk>(), run, cancellationToken);
            return PortalCommandLine.Success;
        }
        catch (Exception error) when (error is KeyNotFoundException or RunDeskException or IOException or UnauthorizedAccessException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    private static async Task<int> ResumeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var id = arguments.GetRequiredValue(Run);
        var inQueue = arguments.GetValue(Queue);
        await using (var services = CommandServices.Create())
        {
            var catalog = services.Get<RunCatalog>();
            var summary = catalog.Refresh().FirstOrDefault(run => run.Id == id);
            if (inQueue || summary is null or { CanResume: false }) return await AskAsync(id, (desk, run, token) => desk.ResumeAsync(run, token), cancellationToken);
            var folder = catalog.FolderOf(id).Path;
            if (RunLaunch.Read(folder) is not { } launch) return await AskAsync(id, (desk, run, token) => desk.ResumeAsync(run, token), cancellationToken);
            Directory.SetCurrentDirectory(launch.WorkingDirectory);
            arguments = PortalCommandLine.Parse([launch.Command == FacialR1.Training.Evaluation.EvaluationRun.Kind ? launch.Command : "train", .. launch.Arguments, $"{RunForm.RunOption}={folder}"]);
        }

        return await arguments.InvokeAsync(PortalCommandLine.Patient, cancellationToken);
    }
}
