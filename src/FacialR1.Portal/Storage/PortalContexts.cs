using FacialR1.Portal.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Storage;

/// <summary>Opens short contexts on the configured database.</summary>
public sealed class PortalContexts : IDbContextFactory<PortalDbContext>
{
    private readonly Func<PortalDbContext> open;

    public PortalContexts(PortalPaths paths, IOptions<StorageOptions> storage) : this(storage.Value, paths.Database)
    {
    }

    /// <param name="database">The SQLite file, where SQLite is meant.</param>
    internal PortalContexts(StorageOptions storage, string database)
    {
        if (storage.Database == DatabaseKind.PostgreSql)
        {
            var options = new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql(storage.ConnectionString).Options;
            open = () => new PostgresPortalDbContext(options);
        }
        else
        {
            var options = new DbContextOptionsBuilder<PortalDbContext>().UseSqlite($"Data Source={database}").Options;
            open = () => new PortalDbContext(options);
        }
    }

    public PortalDbContext CreateDbContext() => open();
}
