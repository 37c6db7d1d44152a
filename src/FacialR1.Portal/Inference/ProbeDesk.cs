using FacialR1.Analysis;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference.Probes;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Inference;

/// <summary>Where pages ask about the reasons of stored answers. Work runs outside any page, a few probes at a time, on the models that also answer; results are kept.</summary>
public sealed partial class ProbeDesk(
    ModelPool models, CheckpointCatalog catalog, AnalysisStore store, ImageStore images, FaceEstimates estimates, ProbeFiles files, AlignmentTables tables, IOptions<InferenceOptions> options, ILogger<ProbeDesk> logger) : IDisposable
{
    private const int AtATime = 2;
    private readonly Lock gate = new();
    private readonly Dictionary<(Guid Analysis, string Key), ProbeJob> jobs = [];
    private readonly SemaphoreSlim turns = new(AtATime);

    /// <summary>Why a checkpoint cannot be probed, in words; null when it can.</summary>
    public async Task<string?> WhyNotAsync(string checkpoint)
    {
        try
        {
            await using var lease = models.Rent(checkpoint);
            return lease.Model is IProbedModel ? null
                : $"“{checkpoint}” answers from another machine, which gives its words and nothing else: no heat map, no forced words. Analyse the face with a checkpoint of this machine to look further.";
        }
        catch (ModelUnavailableException error)
        {
            return error.Message;
        }
    }

    /// <summary>The kept result; null when there is none for these weights.</summary>
    public async Task<T?> FindAsync<T>(AnalysisRecord analysis, IProbe<T> probe, CancellationToken cancellationToken) where T : class
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(probe);
        return await WeightsOfAsync(analysis.Checkpoint, cancellationToken) is { } weights ? await files.FindAsync<T>(analysis.Id, probe.Key, weights, cancellationToken) : null;
    }

    /// <summary>The job of a probe that waits or runs; null when there is none.</summary>
    public ProbeJob? Running(Guid analysisId, string key)
    {
        lock (gate) return jobs.GetValueOrDefault((analysisId, key));
    }

    /// <summary>Begins a probe, or joins the job that somebody else began.</summary>
    /// <exception cref="QueueFullException">Too many wait already.</exception>
    public ProbeJob Start<T>(AnalysisRecord analysis, IProbe<T> probe) where T : class
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(probe);
        lock (gate)
        {
            if (jobs.TryGetValue((analysis.Id, probe.Key), out var running)) return running;
            if (jobs.Count >= options.Value.QueueLength) throw new QueueFullException(options.Value.QueueLength);
            var job = jobs[(analysis.Id, probe.Key)] = new ProbeJob();
            _ = Task.Run(() => RunAsync(analysis, probe, job));
            return job;
        }
    }

    private async Task RunAsync<T>(AnalysisRecord analysis, IProbe<T> probe, ProbeJob job) where T : class
    {
        string? problem = null;
        try
        {
            await turns.WaitAsync(job.Stopping);
            try
            {
                await using var lease = models.Rent(analysis.Checkpoint);
                if (lease.Model is not IProbedModel model) throw new ModelUnavailableException(await WhyNotAsync(analysis.Checkpoint) ?? "This checkpoint cannot be probed.");
                var weights = await WeightsOfAsync(analysis.Checkpoint, job.Stopping) ?? throw new ModelUnavailableException($"The weights of \"{analysis.Checkpoint}\" cannot be read.");
                var face = ImageReader.Read(await images.ReadAsync(analysis.CropHash, job.Stopping));
                var reading = await estimates.OfAsync(analysis, job.Stopping);
                var result = await probe.AskAsync(new ProbedAnswer(analysis, model, face, reading?.Landmarks, ClaimReader.Read(ReasoningParser.Parse(analysis.Text)), tables), job, job.Stopping);
                // Deleted meanwhile: nothing about it is kept.
                if (await store.FindAsync(analysis.Id, job.Stopping) is not null) await files.SaveAsync(analysis.Id, probe.Key, weights, result, job.Stopping);
            }
            finally { turns.Release(); }
        }
        catch (OperationCanceledException) when (job.Stopping.IsCancellationRequested)
        {
            problem = "Stopped.";
        }
        catch (Exception error) when (error is ModelUnavailableException or FileNotFoundException or CheckpointException or ImageRejectedException)
        {
            problem = error.Message;
        }
        catch (Exception error)
        {
            Log.Failed(logger, analysis.Id, probe.Key, error);
            problem = "Something went wrong inside the portal. Try again; the log has the details.";
        }

        lock (gate) jobs.Remove((analysis.Id, probe.Key));
        job.End(problem);
    }

    private async Task<string?> WeightsOfAsync(string checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            return catalog.Find(checkpoint) is { } entry ? await catalog.HashAsync(entry, cancellationToken) : null;
        }
        catch (Exception error) when (error is CheckpointException or IOException)
        {
            return null;
        }
    }

    public void Dispose() => turns.Dispose();

    private static partial class Log
    {
        [LoggerMessage(31, LogLevel.Error, "Probe {Key} of analysis {AnalysisId} failed")]
        public static partial void Failed(ILogger logger, Guid analysisId, string key, Exception error);
    }
}
