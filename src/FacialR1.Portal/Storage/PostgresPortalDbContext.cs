using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace FacialR1.Portal.Storage;

/// <summary>The same rows on PostgreSQL. A type of its own because migrations name the column types of one database and belong to one context.</summary>
public sealed class PostgresPortalDbContext(DbContextOptions<PostgresPortalDbContext> options) : PortalDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // Byte order, as SQLite sorts: names and ids then stand in the same order on both, whatever the server's language.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}

/// <summary>Lets <c>dotnet ef migrations add … --context PostgresPortalDbContext --output-dir Storage/Migrations/Postgres</c> build the model without a server.</summary>
internal sealed class PostgresPortalDbContextFactory : IDesignTimeDbContextFactory<PostgresPortalDbContext>
{
    public PostgresPortalDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresPortalDbContext>().UseNpgsql("Host=nowhere").Options);
}
