namespace FacialR1.Portal.Runs;

/// <summary>Looks at the runs folder when a file in it changed, and every second in case nobody told.</summary>
public sealed partial class RunWatcher(RunCatalog catalog, FolderChanges changes, TimeProvider clock, ILogger<RunWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1), Pace = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var files = new FolderChanges();
        using var notifications = Notifications(files);
        try
        {
            while (true)
            {
                var change = files.Next;
                Look();
                await Task.Delay(Pace, clock, stoppingToken);
                await FolderChanges.WaitAsync(change, Poll, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Look()
    {
        try
        {
            var before = catalog.Current;
            if (!ReferenceEquals(before, catalog.Refresh())) changes.Announce();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.CannotLook(logger, catalog.Folder, error);
        }
    }

    private FileSystemWatcher? Notifications(FolderChanges files)
    {
        try
        {
            Directory.CreateDirectory(catalog.Folder);
            var watcher = new FileSystemWatcher(catalog.Folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += (_, _) => files.Announce();
            watcher.Created += (_, _) => files.Announce();
            watcher.Deleted += (_, _) => files.Announce();
            watcher.Renamed += (_, _) => files.Announce();
            watcher.Error += (_, _) => files.Announce();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.NoNotifications(logger, catalog.Folder, error);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "No notifications for {Folder}; it is looked at every second instead.")]
        public static partial void NoNotifications(ILogger logger, string folder, Exception error);

        [LoggerMessage(Level = LogLevel.Error, Message = "The runs in {Folder} could not be read; trying again.")]
        public static partial void CannotLook(ILogger logger, string folder, Exception error);
    }
}
