using System.Collections.Concurrent;
using System.Diagnostics;
using FacialR1.Training.Runs;

namespace FacialR1.Portal.Runs;

/// <summary>Starts waiting runs, one at a time on each device. Runs of the command line count: a device they use is taken.</summary>
internal sealed partial class RunQueue(RunCatalog catalog, RunDesk desk, RunLauncher launcher, FolderChanges changes, TimeProvider clock, ILogger<RunQueue> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Pace = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<int, Process> children = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var change = changes.Next;
                foreach (var device in desk.Devices) StartNext(device);
                await Task.Delay(Pace, clock, stoppingToken);
                await FolderChanges.WaitAsync(change, Poll, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The children stay: the next portal finds them in their folders.
        }
    }

    /// <summary>Starts the run that waits longest for the device, if the device is free.</summary>
    internal void StartNext(string device)
    {
        try
        {
            var runs = catalog.Refresh();
            if (runs.Any(run => run.Device == device && run.State.IsActive())) return;
            if (runs.Where(run => run.Device == device && run.State == RunState.Queued).MinBy(run => run.QueuePlace) is not { } next) return;
            Start(next.Id);
            catalog.Refresh();
            changes.Announce();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or KeyNotFoundException)
        {
            Log.CannotStart(logger, device, error);
        }
    }

    private void Start(string id)
    {
        var folder = catalog.FolderOf(id);
        if (RunLaunch.Read(folder.Path) is not { } launch)
        {
            folder.WriteStatus(RunFolder.Failed);
            return;
        }

        try
        {
            folder.Ask(RunRequest.None);
            // Before the child writes its own status, which must stay.
            folder.WriteProcess(Environment.ProcessId);
            folder.WriteStatus(RunLaunch.Starting);
            var child = launcher.Start(launch, folder.Path);
            folder.WriteProcess(child.Id);
            children[child.Id] = child;
            child.Exited += (_, _) => Ended(child, folder);
            child.EnableRaisingEvents = true;
            Log.Started(logger, id, child.Id);
        }
        catch (RunDeskException error)
        {
            File.AppendAllText(Path.Combine(folder.Path, RunLaunch.OutputName), error.Message + "\n");
            folder.WriteStatus(RunFolder.Failed);
        }
    }

    private void Ended(Process child, RunFolder folder)
    {
        children.TryRemove(child.Id, out _);
        try
        {
            Log.Ended(logger, folder.Id, child.ExitCode);
            // It ended before its run began: the arguments were refused, or the program could not start.
            if (folder.Status == RunLaunch.Starting && folder.Process?.Process == child.Id) folder.WriteStatus(child.ExitCode == 0 ? RunFolder.Completed : RunFolder.Failed);
            catalog.Refresh();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Log.CannotRecord(logger, folder.Id, error);
        }
        finally
        {
            child.Dispose();
            changes.Announce();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Run {Run} started as process {Process}.")]
        public static partial void Started(ILogger logger, string run, int process);

        [LoggerMessage(Level = LogLevel.Information, Message = "The process of run {Run} ended with code {Code}.")]
        public static partial void Ended(ILogger logger, string run, int code);

        [LoggerMessage(Level = LogLevel.Error, Message = "The next run on {Device} could not be started; trying again.")]
        public static partial void CannotStart(ILogger logger, string device, Exception error);

        [LoggerMessage(Level = LogLevel.Error, Message = "The end of run {Run} could not be written down.")]
        public static partial void CannotRecord(ILogger logger, string run, Exception error);
    }
}
