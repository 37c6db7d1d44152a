using Bunit;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Analyze;
using FacialR1.Portal.Features.Checkpoints;
using FacialR1.Portal.Features.Compare;
using FacialR1.Portal.Features.Rollouts;
using FacialR1.Portal.Features.Samples;
using FacialR1.Portal.Features.Synthesis;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Layout;
using FacialR1.Portal.Live;
using FacialR1.Portal.Runs;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MudBlazor;
using MudBlazor.Services;

namespace FacialR1.Portal.Tests.Features;

/// <summary>A renderer with the portal's services on a data folder of its own. The worker runs only where a test starts it.</summary>
public abstract class ComponentTest : BunitContext, IAsyncLifetime
{
    // A busy build machine is slow, not wrong.
    static ComponentTest() => DefaultWaitTimeout = TimeSpan.FromSeconds(20);

    private protected PortalFolder Folder { get; } = new();
    private protected ScriptedModel Model { get; set; } = ScriptedModel.Waiting();

    /// <summary>Makes the models in place of <see cref="Model"/>; null for that one.</summary>
    private protected IReasoningModelFactory? Factory { get; set; }
    private protected LiveFeeds Feeds { get; } = new();

    public virtual async Task InitializeAsync()
    {
        await Folder.SetUpAsync();
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        Services.AddSingleton<TimeProvider>(Folder.Clock).AddSingleton(Folder.Paths).AddSingleton(Folder.Images).AddSingleton(Folder.Store).AddSingleton(Folder.Contexts);
        Services.AddSingleton(Options.Create(new InferenceOptions())).AddSingleton(Options.Create(new UploadOptions { FilesPerBatch = 3 })).AddSingleton(Options.Create(new ResponsibleUseOptions()));
        Services.AddSingleton(_ => Factory ?? Model).AddSingleton<CheckpointCatalog>().AddSingleton<ModelPool>();
        Services.AddSingleton(Feeds).AddSingleton<WaitingAnalyses>().AddSingleton<RunningAnalyses>().AddSingleton<AnalysisDesk>().AddSingleton<AnalysisWorker>().AddSingleton<ProbeFiles>().AddSingleton<ProbeDesk>();
        Services.AddSingleton(FacialR1.Analysis.Alignment.AlignmentTables.Shipped);
        Services.AddSingleton<FaceFinder>().AddSingleton<FaceEstimates>().AddSingleton<FacialR1.Portal.Features.Benchmarks.EvaluationFiles>().AddSingleton<Comparisons>().AddSingleton<TrainingTrends>().AddSingleton<SavedViewStore>().AddSingleton<PhotoIntake>().AddSingleton<SampleCatalog>().AddSingleton<PhotoUpload>();
        Services.AddSingleton(Options.Create(new RunOptions { DataFolders = [Path.Combine(Folder.Root, "sets", "fer-au")] }));
        Services.AddSingleton<FolderChanges>().AddSingleton<RunCatalog>().AddSingleton<RunLauncher>().AddSingleton<RunDesk>();
        Services.AddSingleton<FacialR1.Portal.Evaluations.BenchmarkCatalog>().AddSingleton<FacialR1.Portal.Evaluations.BenchmarkPictures>().AddSingleton<FacialR1.Portal.Evaluations.EvaluationDesk>().AddSingleton<FacialR1.Portal.Storage.Evaluations.EvaluationIndex>().AddSingleton<FacialR1.Portal.Storage.Evaluations.EvaluationStore>();
        Services.AddSingleton<RunTraces>().AddSingleton<RolloutFiles>().AddSingleton<SynthesisFiles>().AddSingleton<RunPhotos>().AddSingleton<CheckpointImport>();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        RenderTree.Add<CascadingValue<Visitor>>(value => value.Add(cascade => cascade.Value, Visitor).Add(cascade => cascade.IsFixed, true));
    }

    private protected virtual Visitor Visitor => new(ThemeChoice.System, HasAcknowledged: true);

    private protected T Service<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Selects and menus open inside it.</summary>
    private protected void RenderPopovers() => Render<MudPopoverProvider>();

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        Folder.Dispose();
    }
}
