using Microsoft.EntityFrameworkCore;

namespace FacialR1.Portal.Storage;

/// <summary>Who (that is: which browser) said to have read which version of the rules of use.</summary>
public sealed class AcknowledgementStore(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>Stores the statement and returns the id for the browser's cookie: random, so that nobody can guess another's.</summary>
    public async Task<Guid> AddAsync(string version, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var acknowledgement = new AcknowledgementRecord { Id = Guid.NewGuid(), Version = version, AcceptedAt = clock.GetUtcNow() };
        context.Acknowledgements.Add(acknowledgement);
        await context.SaveChangesAsync(cancellationToken);
        return acknowledgement.Id;
    }

    /// <summary>When the browser with this cookie accepted this version; null when it did not.</summary>
    public async Task<DateTimeOffset?> FindAsync(string? cookie, string version, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(cookie, out var id)) return null;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await context.Acknowledgements.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id && a.Version == version, cancellationToken);
        return found?.AcceptedAt;
    }
}
