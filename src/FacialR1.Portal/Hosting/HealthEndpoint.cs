using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FacialR1.Portal.Hosting;

/// <summary><c>GET /health</c>: 200 when the portal can work (also without a checkpoint, which it says), 503 when its storage is gone.</summary>
public static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints) => endpoints.MapHealthChecks("/health", new HealthCheckOptions
    {
        ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description }),
        }),
    });
}

/// <summary>Can the database be read?</summary>
internal sealed class StorageHealth(IDbContextFactory<PortalDbContext> contexts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            await database.Analyses.AnyAsync(cancellationToken);
            return HealthCheckResult.Healthy("The database answers.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer; the log says why.", error);
        }
    }
}

/// <summary>Is there a checkpoint to ask?</summary>
internal sealed class CheckpointHealth(CheckpointCatalog catalog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) => Task.FromResult(
        catalog.Usable().Count is > 0 and var count
            ? HealthCheckResult.Healthy($"{count} usable.")
            : HealthCheckResult.Degraded("No checkpoint can be used; photos can be stored but not analysed."));
}
