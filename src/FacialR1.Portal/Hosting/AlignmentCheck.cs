using FacialR1.Analysis.Alignment;

namespace FacialR1.Portal.Hosting;

/// <summary>Reads the alignment tables before the first request, so that a mistake in an edited file is told to the one who made it and not to a visitor.</summary>
public sealed class AlignmentCheck(IServiceProvider services) : IHostedService
{
    /// <exception cref="AlignmentTableException">A table cannot be used; the message names the file and what is wrong.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<AlignmentTables>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
