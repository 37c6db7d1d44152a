using FacialR1.Portal.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Storage;

/// <summary>Brings folders and database up to date before the first request, and clears photos nobody analysed.</summary>
public sealed partial class StorageSetup(
    IDbContextFactory<PortalDbContext> contexts, AnalysisStore analyses, PortalPaths paths, IOptions<UploadOptions> uploads, TimeProvider clock,
    ILogger<StorageSetup> logger) : IHostedService
{
    /// <exception cref="InvalidOperationException">A folder cannot be written; the message names it and the setting.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var folder in (string[])[paths.Uploads, paths.Cache, Path.GetDirectoryName(paths.Database)!]) Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The portal cannot write its data: {error.Message} Make the folder writable or choose others under \"Paths\" in appsettings.json.", error);
        }

        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await MigrateAsync(context, cancellationToken);
            // Readers do not wait for the writer in this mode; it is a property of the file, so setting it again changes nothing.
            if (context.Database.IsSqlite()) await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken);
        }

        var removed = await analyses.DeleteUnusedPhotosAsync(clock.GetUtcNow() - uploads.Value.UnusedPhotosAreKeptFor, cancellationToken);
        if (removed > 0) Log.UnusedPhotosRemoved(logger, removed);
    }

    private static async Task MigrateAsync(PortalDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.Database.MigrateAsync(cancellationToken);
        }
        catch (System.Data.Common.DbException error) when (!context.Database.IsSqlite())
        {
            throw new InvalidOperationException(
                $"The portal cannot use its PostgreSQL database: {error.Message} Look at \"Storage\" in appsettings.json; the database must exist and its user must be allowed to make tables.", error);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Count} photos that were never analysed")]
        public static partial void UnusedPhotosRemoved(ILogger logger, int count);
    }
}
