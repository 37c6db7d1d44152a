using Microsoft.EntityFrameworkCore;

namespace FacialR1.Portal.Storage;

/// <summary>Named views of pages, shared by all who use this portal.</summary>
public sealed class SavedViewStore(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<SavedViewRecord>> ListAsync(string page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.SavedViews.AsNoTracking().Where(view => view.Page == page).OrderBy(view => view.Name).ToListAsync(cancellationToken);
    }

    /// <summary>Saves a view; one of the same name and page is replaced.</summary>
    /// <exception cref="ArgumentException">The name is empty or too long, or the query is; the message says what to do.</exception>
    public async Task SaveAsync(string page, string name, string query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(query);
        name = name.Trim();
        if (name.Length is 0 or > SavedViewRecord.LongestName) throw new ArgumentException($"Give the view a name of 1 to {SavedViewRecord.LongestName} letters.");
        if (query.Length > SavedViewRecord.LongestQuery) throw new ArgumentException("This view is too long to be saved; shorten the search.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.SavedViews.Where(view => view.Page == page && view.Name == name).ExecuteDeleteAsync(cancellationToken);
        context.SavedViews.Add(new SavedViewRecord { Id = Guid.NewGuid(), Page = page, Name = name, Query = query, SavedAt = clock.GetUtcNow() });
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>False when there was no such view.</returns>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.SavedViews.Where(view => view.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;
    }
}
