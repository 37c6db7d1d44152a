using FacialR1.Analysis;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Inference;

/// <summary>Where pages ask for analyses, stop them and delete them.</summary>
public sealed class AnalysisDesk(
    AnalysisStore store, ImageStore images, WaitingAnalyses queue, LiveFeeds feeds, RunningAnalyses running, CheckpointCatalog catalog,
    IOptions<InferenceOptions> options, TimeProvider clock, ProbeFiles probes)
{
    /// <summary>Queues the analysis of one face, or of the whole picture.</summary>
    /// <param name="faceIndex">Position in <see cref="PhotoRecord.Faces"/>; null takes the whole picture.</param>
    /// <returns>The id of the analysis; its page is <c>/analyses/{id}</c>.</returns>
    /// <exception cref="QueueFullException">Too many wait already.</exception>
    /// <exception cref="ModelUnavailableException">There is no such checkpoint.</exception>
    public async Task<Guid> SubmitAsync(PhotoRecord photo, int? faceIndex, string checkpoint, DecodingOptions decoding, CancellationToken cancellationToken)
    {
        if (queue.Waiting >= queue.Capacity) throw new QueueFullException(queue.Capacity);
        if (catalog.Find(checkpoint) is null) throw new ModelUnavailableException($"There is no checkpoint \"{checkpoint}\". Choose one from the list.");

        var area = faceIndex is { } index ? photo.Faces[index].Crop : new PixelArea(0, 0, photo.Width, photo.Height);
        var frame = faceIndex is { } chosen ? photo.Faces[chosen].Frame : new FaceFrame(new PixelBox(0, 0, photo.Width, photo.Height));
        var picture = await images.ReadAsync(photo.Hash, cancellationToken);
        // Decoding and scaling a large photo takes a moment; a circuit must stay responsive meanwhile.
        var crop = await Task.Run(() => ModelView.Cut(picture, frame), cancellationToken);
        var analysis = await store.AddAnalysisAsync(crop, hash => new AnalysisRecord
        {
            PhotoId = photo.Id,
            FaceIndex = faceIndex,
            Crop = area,
            CropHash = hash,
            Checkpoint = checkpoint,
            Decoding = decoding with { MaxTokens = Math.Min(decoding.MaxTokens, options.Value.LongestAnswerInTokens) },
            CreatedAt = clock.GetUtcNow(),
        }, cancellationToken);

        feeds.Open(analysis.Id);
        if (queue.TryAdd(analysis.Id)) return analysis.Id;

        // Others took the last places between the check and now.
        await DeleteAsync(analysis.Id, cancellationToken);
        throw new QueueFullException(queue.Capacity);
    }

    /// <summary>Stops an analysis, waiting or running. What was written so far is kept.</summary>
    public async Task StopAsync(Guid id, CancellationToken cancellationToken)
    {
        // Taking it from the queue ourselves keeps the workers off; when that fails it runs already, or has ended.
        if (await store.TryStartAsync(id, cancellationToken))
        {
            var stopped = new AnalysisOutcome(AnalysisStatus.Stopped, "");
            await store.FinishAsync(id, stopped, clock.GetUtcNow(), cancellationToken);
            feeds.End(id, new AnalysisEnded(stopped));
        }
        else running.TryStop(id);
    }

    /// <summary>Stops an analysis and removes it with its pictures. False when there was none.</summary>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await StopAsync(id, cancellationToken);
        var wasThere = await store.DeleteAsync(id, cancellationToken);
        probes.Delete(id);
        feeds.End(id, new AnalysisEnded(new AnalysisOutcome(AnalysisStatus.Stopped, "")));
        return wasThere;
    }
}
