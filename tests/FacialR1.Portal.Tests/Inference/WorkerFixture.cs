using FacialR1.Analysis;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Live;
using FacialR1.Portal.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Tests.Inference;

/// <summary>Queue, worker and desk on a data folder, with a scripted model.</summary>
internal sealed class WorkerFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly AnalysisWorker worker;

    public WorkerFixture(PortalFolder folder, ScriptedModel model, InferenceOptions? options = null)
    {
        Folder = folder;
        var settings = Options.Create(options ?? new InferenceOptions());
        Queue = new WaitingAnalyses(settings);
        var catalog = new CheckpointCatalog(folder.Paths);
        var running = new RunningAnalyses();
        Models = new ModelPool(catalog, model, settings);
        worker = new AnalysisWorker(Queue, folder.Store, folder.Images, Models, Feeds, running, settings, folder.Clock, NullLogger<AnalysisWorker>.Instance);
        Desk = new AnalysisDesk(folder.Store, folder.Images, Queue, Feeds, running, catalog, settings, folder.Clock, new ProbeFiles(folder.Paths));
    }

    public PortalFolder Folder { get; }
    public WaitingAnalyses Queue { get; }
    public LiveFeeds Feeds { get; } = new();
    public ModelPool Models { get; }
    public AnalysisDesk Desk { get; }

    public Task StartAsync() => worker.StartAsync(CancellationToken.None);

    /// <summary>Ends the worker without letting it finish, as when the process is told to go.</summary>
    public Task StopAsync() => worker.StopAsync(CancellationToken.None);

    public async Task<Guid> AskAsync(PhotoRecord? photo = null, int? face = null, DecodingOptions? decoding = null) =>
        await Desk.SubmitAsync(photo ?? await Folder.AddPhotoAsync(), face, "mini", decoding ?? DecodingOptions.Greedy, CancellationToken.None);

    public async Task<AnalysisRecord> FinishedAsync(Guid id) => await UntilAsync(id, analysis => analysis.Status.IsFinished());

    public async Task<AnalysisRecord> UntilAsync(Guid id, Func<AnalysisRecord, bool> isSo)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(20))
        {
            if (await Folder.Store.FindAsync(id, CancellationToken.None) is { } analysis && isSo(analysis)) return analysis;
            await Task.Delay(20);
        }
        throw new TimeoutException("The analysis did not get there.");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        worker.Dispose();
        await Models.DisposeAsync();
    }
}
