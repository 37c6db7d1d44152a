using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Portal.Commands;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.Training.Runs;
using FacialR1.Training.Supervised;
using FacialR1.Training.Synthesis;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Runs;

/// <summary>Takes orders for runs: start, pause, resume, stop, finish. Everything it knows is in the run folders, so it survives the portal.</summary>
public sealed class RunDesk(RunCatalog catalog, CheckpointCatalog checkpoints, RunLauncher launcher, FolderChanges changes, PortalPaths paths, IOptions<RunOptions> options, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Where runs can be trained; one at a time on each.</summary>
    public IReadOnlyList<string> Devices => options.Value.Devices;

    /// <summary>What can be started, read from the commands themselves: those that tell beforehand what they would do. Looks at the folders of checkpoints and runs.</summary>
    public IReadOnlyList<RunForm> Forms() => [.. RunForm.Of(TrainCommand.Create(), [.. DataFolders().Keys], [.. StartingPoints().Keys], [.. Syntheses().Keys]).Where(form => form.Describes)];

    /// <summary>What a submission would write to <c>run.json</c> and how that differs from the last run of its kind. Starts nothing but a short question to the command.</summary>
    /// <exception cref="RunFormException">The form is not filled in right.</exception>
    /// <exception cref="RunDeskException">The command refuses it.</exception>
    public async Task<RunPreview> PreviewAsync(RunSubmission submission, CancellationToken cancellationToken)
    {
        var (_, arguments) = await Task.Run(() => Check(submission), cancellationToken);
        var configuration = ParseConfiguration(await launcher.DescribeAsync(arguments, paths.Root, cancellationToken));
        var previous = await Task.Run(() => Previous(configuration), cancellationToken);
        return new RunPreview(
            "train " + string.Join(' ', arguments.Select(Quoted)), configuration.ToJsonString(Indented), previous?.Run,
            previous is null ? [] : ConfigurationDiff.Between(previous.Value.Configuration, configuration));
    }

    /// <summary>Puts a run into the queue of its device.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RunFormException">The form is not filled in right.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public Task<string> SubmitAsync(RunSubmission submission, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var (form, arguments) = Check(submission);
        var parent = submission.Options.GetValueOrDefault("--checkpoint") ?? submission.Options.GetValueOrDefault("--parent");
        return Enqueue(new RunLaunch(form.Command, arguments, submission.Options.Where(option => option.Value.Trim().Length > 0).ToDictionary(), submission.Device, parent, paths.Root, clock.GetUtcNow()));
    }, cancellationToken);

    /// <summary>Makes a folder for a launch whose arguments are checked, and puts it into the queue of its device.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    internal string Enqueue(RunLaunch launch)
    {
        var run = NewFolder(launch.Command);
        launch.Write(run.Path);
        run.WriteStatus(RunFolder.Queued);
        Look();
        return run.Id;
    }

    /// <summary>Saves and waits after the present step; the run keeps its device.</summary>
    /// <exception cref="RunDeskException">The run is not running.</exception>
    public Task PauseAsync(string run, CancellationToken cancellationToken) => AskAsync(run, RunRequest.Pause, state => state == RunState.Running, "pause", cancellationToken);

    /// <summary>Ends the present phase after the present step as if it were done: saves, validates, writes what a finished phase writes.</summary>
    /// <exception cref="RunDeskException">The run is not running.</exception>
    public Task FinishAsync(string run, CancellationToken cancellationToken) =>
        AskAsync(run, RunRequest.Finish, state => state is RunState.Running or RunState.Paused, "finish early", cancellationToken);

    /// <summary>Saves and ends after the present step; one that waits in the queue leaves it.</summary>
    /// <exception cref="RunDeskException">The run has ended already.</exception>
    public Task StopAsync(string run, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var (folder, state) = Open(run);
        if (state == RunState.Queued) folder.WriteStatus(RunFolder.Stopped);
        else if (state.IsActive()) folder.Ask(RunRequest.Stop);
        else throw Refusal(run, state, "stop");
        Look();
    }, cancellationToken);

    /// <summary>Ends the process at once, unsaved; the run can be resumed from where it last saved. For one that does not obey.</summary>
    /// <exception cref="RunDeskException">No process of this machine works on it.</exception>
    public Task KillAsync(string run, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var (folder, state) = Open(run);
        if (!state.IsActive() || folder.Process is not { IsAlive: true } process) throw Refusal(run, state, "kill");
        using var alive = System.Diagnostics.Process.GetProcessById(process.Process);
        alive.Kill(entireProcessTree: true);
        Look();
    }, cancellationToken);

    /// <summary>Ends a pause, or puts a run that was stopped, failed or was interrupted back into the queue; it goes on from where it last saved.</summary>
    /// <exception cref="RunDeskException">It runs, it is completed, or nobody has written down how it was started.</exception>
    public Task ResumeAsync(string run, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var (folder, state) = Open(run);
        switch (state)
        {
            case RunState.Paused:
                folder.Ask(RunRequest.None);
                break;
            case RunState.Stopped or RunState.Failed or RunState.Interrupted:
                var launch = RunLaunch.Read(folder.Path) ?? throw new RunDeskException(
                    $"The run \"{run}\" has no {RunLaunch.FileName} that says how to start it. Start it where it was started before, with the same settings and --run {folder.Path}; it goes on from where it last saved.");
                (launch with { QueuedAt = clock.GetUtcNow() }).Write(folder.Path);
                folder.WriteStatus(RunFolder.Queued);
                break;
            default:
                throw Refusal(run, state, "resume");
        }

        Look();
    }, cancellationToken);

    /// <summary>Data folders by the name they are chosen by.</summary>
    internal Dictionary<string, string> DataFolders()
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in options.Value.DataFolders.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, paths.Root))).Where(Directory.Exists))
            if (!folders.TryAdd(Path.GetFileName(path), path)) folders[path] = path;
        return folders;
    }

    private Task AskAsync(string run, RunRequest request, Func<RunState, bool> isPossible, string verb, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var (folder, state) = Open(run);
        if (!isPossible(state)) throw Refusal(run, state, verb);
        folder.Ask(request);
        Look();
    }, cancellationToken);

    private static RunDeskException Refusal(string run, RunState state, string verb) => new(state switch
    {
        RunState.Completed => $"The run \"{run}\" is completed; there is nothing to {verb}.",
        RunState.Unknown => $"The folder of \"{run}\" does not say what it is doing; there is nothing to {verb}.",
        _ => $"The run \"{run}\" is {state.ToString().ToLowerInvariant()}; it cannot {verb} now.",
    });

    private (RunFolder Folder, RunState State) Open(string run)
    {
        var folder = catalog.FolderOf(run);
        catalog.Refresh();
        var summary = catalog.Find(run);
        if (summary?.Kind == "external") throw new RunDeskException($"The run \"{run}\" is trained elsewhere and only reports here. Control it where it was started.");
        return (folder, summary?.State ?? RunState.Unknown);
    }

    private (RunForm Form, IReadOnlyList<string> Arguments) Check(RunSubmission submission)
    {
        if (!Devices.Contains(submission.Device)) throw new RunFormException([$"The device is one of {string.Join(", ", Devices)}, not \"{submission.Device}\"."]);
        var form = Forms().FirstOrDefault(form => form.Command == submission.Command) ?? throw new RunFormException([$"There is no training command \"{submission.Command}\"."]);
        var folders = DataFolders();
        var points = StartingPoints();
        var syntheses = Syntheses();
        return (form, form.Arguments(submission.Options, (field, value) => field.Option switch
        {
            RunForm.DataOption => folders[value],
            RunForm.AcceptedOption => syntheses[value],
            _ => RunForm.NamesCheckpoint(field.Option) ? points[value] : value,
        }));
    }

    /// <summary>Folders that a run may begin from, by the name they are chosen by: the checkpoints, and what runs have left in their own folders.</summary>
    private Dictionary<string, string> StartingPoints()
    {
        // A model behind a server has no weights here to begin from.
        var points = checkpoints.Usable().Where(checkpoint => checkpoint.Folder is not null).ToDictionary(checkpoint => checkpoint.Name, checkpoint => checkpoint.Folder!, StringComparer.Ordinal);
        if (!Directory.Exists(catalog.Folder)) return points;
        foreach (var run in Directory.EnumerateDirectories(catalog.Folder).Order(StringComparer.Ordinal))
            foreach (var name in (string[])["final", MiniRecipe.TowerName])
            {
                var folder = Path.Combine(run, "checkpoints", name);
                if (File.Exists(Path.Combine(folder, "config.json")) && File.Exists(Path.Combine(folder, "model.safetensors"))) points.TryAdd($"{Path.GetFileName(run)}/{name}", folder);
            }

        return points;
    }

    /// <summary>Runs that wrote texts, by name.</summary>
    private Dictionary<string, string> Syntheses() => !Directory.Exists(catalog.Folder) ? [] : Directory.EnumerateDirectories(catalog.Folder)
        .Where(run => File.Exists(Path.Combine(run, SynthesisAttempt.FileName))).Order(StringComparer.Ordinal).ToDictionary(run => Path.GetFileName(run), StringComparer.Ordinal);

    private RunFolder NewFolder(string command)
    {
        var name = $"{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{command.Replace(' ', '-')}";
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(catalog.Folder, number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
            if (Directory.Exists(path)) continue;
            Directory.CreateDirectory(path);
            return RunFolder.At(path);
        }
    }

    private (string Run, JsonObject Configuration)? Previous(JsonObject configuration)
    {
        var (kind, stage) = ((string?)configuration["kind"], (string?)configuration["stage"]);
        catalog.Refresh();
        foreach (var run in catalog.Current.Where(run => run.StartedAt is not null && run.Kind == kind && run.Stage == stage))
        {
            var file = Path.Combine(catalog.FolderOf(run.Id).Path, "run.json");
            if (File.Exists(file)) return (run.Id, ParseConfiguration(File.ReadAllText(file)));
        }

        return null;
    }

    private static JsonObject ParseConfiguration(string text)
    {
        try
        {
            return (JsonObject)JsonNode.Parse(text)!;
        }
        catch (Exception error) when (error is JsonException or InvalidCastException)
        {
            throw new RunDeskException($"The configuration is no JSON object: {error.Message}");
        }
    }

    private static string Quoted(string argument) => argument.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_=./:,".Contains(letter, StringComparison.Ordinal)) ? argument : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private void Look()
    {
        catalog.Refresh();
        changes.Announce();
    }
}
