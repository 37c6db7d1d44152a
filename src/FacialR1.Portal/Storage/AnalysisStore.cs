using Microsoft.EntityFrameworkCore;

namespace FacialR1.Portal.Storage;

/// <summary>Reads and writes photos and analyses, and removes pictures nobody refers to any more.</summary>
public sealed class AnalysisStore(IDbContextFactory<PortalDbContext> contexts, ImageStore images) : IDisposable
{
    // A picture is written before its row, and removed after its last row. Without the gate a picture could be judged unused in between.
    private readonly SemaphoreSlim pictureGate = new(1, 1);

    /// <summary>Stores a photo: the picture first, then the row made from its hash.</summary>
    public async Task<PhotoRecord> AddPhotoAsync(ReadOnlyMemory<byte> picture, Func<string, PhotoRecord> photoOf, CancellationToken cancellationToken)
    {
        await pictureGate.WaitAsync(cancellationToken);
        try
        {
            var photo = photoOf(await images.SaveAsync(picture, cancellationToken));
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            context.Photos.Add(photo);
            await context.SaveChangesAsync(cancellationToken);
            return photo;
        }
        finally { pictureGate.Release(); }
    }

    /// <summary>Stores an analysis that waits for its turn, with the picture its model will see.</summary>
    public async Task<AnalysisRecord> AddAnalysisAsync(ReadOnlyMemory<byte> crop, Func<string, AnalysisRecord> analysisOf, CancellationToken cancellationToken)
    {
        await pictureGate.WaitAsync(cancellationToken);
        try
        {
            var analysis = analysisOf(await images.SaveAsync(crop, cancellationToken));
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            context.Analyses.Add(analysis);
            await context.SaveChangesAsync(cancellationToken);
            return analysis;
        }
        finally { pictureGate.Release(); }
    }

    /// <summary>The photos of a batch with their analyses, in the order of the upload.</summary>
    public async Task<IReadOnlyList<PhotoRecord>> BatchAsync(Guid batchId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Photos.AsNoTracking().Include(photo => photo.Analyses.OrderBy(analysis => analysis.CreatedAt))
            .Where(photo => photo.BatchId == batchId).OrderBy(photo => photo.UploadedAt).ThenBy(photo => photo.Id).ToListAsync(cancellationToken);
    }

    public async Task<PhotoRecord?> FindPhotoAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Photos.AsNoTracking().FirstOrDefaultAsync(photo => photo.Id == id, cancellationToken);
    }

    /// <summary>One analysis with its photo.</summary>
    public async Task<AnalysisRecord?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Analyses.AsNoTracking().Include(analysis => analysis.Photo).FirstOrDefaultAsync(analysis => analysis.Id == id, cancellationToken);
    }

    public async Task<HistoryPageOfAnalyses> PageAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var hits = context.Analyses.AsNoTracking();
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Lower case on both sides: LIKE ignores case on SQLite and keeps it on PostgreSQL.
            var pattern = LikePattern.Containing(word.ToLowerInvariant());
            hits = hits.Where(analysis =>
                EF.Functions.Like(analysis.Photo!.OriginalName.ToLower(), pattern, LikePattern.Escape) ||
                EF.Functions.Like((analysis.Emotion ?? "").ToLower(), pattern, LikePattern.Escape) ||
                EF.Functions.Like(analysis.ActionUnits.ToLower(), pattern, LikePattern.Escape) ||
                EF.Functions.Like(analysis.Checkpoint.ToLower(), pattern, LikePattern.Escape) ||
                EF.Functions.Like(analysis.Text.ToLower(), pattern, LikePattern.Escape));
        }

        var total = await hits.CountAsync(cancellationToken);
        var lastPage = Math.Max(1, (total + query.PageSize - 1) / query.PageSize);
        var page = Math.Clamp(query.Page, 1, lastPage);
        var analyses = await hits.Include(analysis => analysis.Photo)
            .OrderByDescending(analysis => analysis.CreatedAt).ThenByDescending(analysis => analysis.Id)
            .Skip((page - 1) * query.PageSize).Take(query.PageSize).ToListAsync(cancellationToken);
        return new HistoryPageOfAnalyses(analyses, total, page, query.PageSize);
    }

    /// <summary>Unfinished analyses, oldest first, all set back to <see cref="AnalysisStatus.Queued"/>: what a killed process left behind.</summary>
    public async Task<IReadOnlyList<Guid>> RequeueUnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Analyses.Where(analysis => analysis.Status == AnalysisStatus.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(analysis => analysis.Status, AnalysisStatus.Queued), cancellationToken);
        return await context.Analyses.Where(analysis => analysis.Status == AnalysisStatus.Queued)
            .OrderBy(analysis => analysis.CreatedAt).ThenBy(analysis => analysis.Id).Select(analysis => analysis.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Takes a queued analysis. False when it was stopped, deleted or taken before.</summary>
    public async Task<bool> TryStartAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Analyses.Where(analysis => analysis.Id == id && analysis.Status == AnalysisStatus.Queued)
            .ExecuteUpdateAsync(set => set.SetProperty(analysis => analysis.Status, AnalysisStatus.Running), cancellationToken) == 1;
    }

    /// <summary>Writes the end of an analysis. Nothing happens when it was deleted meanwhile.</summary>
    public async Task FinishAsync(Guid id, AnalysisOutcome outcome, DateTimeOffset finishedAt, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Analyses.FirstOrDefaultAsync(analysis => analysis.Id == id, cancellationToken) is not { } record) return;

        record.Status = outcome.Status;
        record.FinishedAt = finishedAt;
        record.Text = outcome.Text;
        record.Emotion = outcome.Emotion;
        record.ActionUnits = outcome.ActionUnits;
        record.FormatOk = outcome.FormatOk;
        record.EmotionProbabilities = outcome.EmotionProbabilities;
        record.StopReason = outcome.StopReason;
        record.PromptTokens = outcome.PromptTokens;
        record.Tokens = outcome.Tokens;
        record.SecondsToFirstToken = outcome.TimeToFirstToken?.TotalSeconds;
        record.Seconds = outcome.Elapsed?.TotalSeconds;
        record.Problem = outcome.Problem;
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Removes an analysis, its photo when no other analysis uses it, and the pictures nobody refers to any more.</summary>
    /// <returns>False when there was no such analysis.</returns>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await pictureGate.WaitAsync(cancellationToken);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var analysis = await context.Analyses.Include(a => a.Photo).FirstOrDefaultAsync(a => a.Id == id, cancellationToken);
            if (analysis is null) return false;

            var isLast = !await context.Analyses.AnyAsync(other => other.PhotoId == analysis.PhotoId && other.Id != id, cancellationToken);
            context.Analyses.Remove(analysis);
            if (isLast) context.Photos.Remove(analysis.Photo!);
            await context.SaveChangesAsync(cancellationToken);
            await DeleteUnusedPicturesAsync(context, [analysis.CropHash, analysis.Photo!.Hash], cancellationToken);
            return true;
        }
        finally { pictureGate.Release(); }
    }

    /// <summary>Removes photos that were uploaded before <paramref name="before"/> and never analysed.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DeleteUnusedPhotosAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await pictureGate.WaitAsync(cancellationToken);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var unused = await context.Photos.Where(photo => photo.UploadedAt < before && photo.Analyses.Count == 0).ToListAsync(cancellationToken);
            context.Photos.RemoveRange(unused);
            await context.SaveChangesAsync(cancellationToken);
            await DeleteUnusedPicturesAsync(context, unused.Select(photo => photo.Hash), cancellationToken);
            return unused.Count;
        }
        finally { pictureGate.Release(); }
    }

    private async Task DeleteUnusedPicturesAsync(PortalDbContext context, IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        foreach (var hash in hashes.Distinct())
        {
            var isUsed = await context.Photos.AnyAsync(photo => photo.Hash == hash, cancellationToken)
                || await context.Analyses.AnyAsync(analysis => analysis.CropHash == hash, cancellationToken);
            if (!isUsed) images.Delete(hash);
        }
    }

    public void Dispose() => pictureGate.Dispose();
}
