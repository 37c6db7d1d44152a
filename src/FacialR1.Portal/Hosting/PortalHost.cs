using System.Text.Json.Serialization;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Evaluations;
using FacialR1.Portal.Features.Analyze;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Features.Checkpoints;
using FacialR1.Portal.Features.Compare;
using FacialR1.Portal.Features.Export;
using FacialR1.Portal.Features.ResponsibleUse;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Features.Rollouts;
using FacialR1.Portal.Features.Samples;
using FacialR1.Portal.Features.Synthesis;
using FacialR1.Portal.Features.Training;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Layout;
using FacialR1.Portal.Live;
using FacialR1.Portal.Remote;
using FacialR1.Portal.Runs;
using FacialR1.Portal.Storage;
using FacialR1.Portal.Storage.Evaluations;
using FacialR1.Portal.Tracking;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MudBlazor.Services;

namespace FacialR1.Portal.Hosting;

/// <summary>Puts the web portal together.</summary>
public static class PortalHost
{
    private const string ContentRootArgument = "--contentRoot";

    /// <param name="args">Host arguments such as <c>--urls http://localhost:8080</c> or <c>--Inference:QueueLength 8</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var isRootGiven = args.Any(argument => argument.StartsWith(ContentRootArgument, StringComparison.OrdinalIgnoreCase));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = isRootGiven ? null : PortalRoot.Find(AppContext.BaseDirectory),
        });
        // Otherwise only Development finds the assets of packages before publishing, and "dotnet run" on a fresh clone is Production.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddPortal();

        var app = builder.Build();
        app.UsePortal();
        return app;
    }

    /// <summary>All services of the portal.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddChecked<PathOptions>(PathOptions.Section).AddChecked<InferenceOptions>(InferenceOptions.Section)
            .AddChecked<UploadOptions>(UploadOptions.Section).AddChecked<ResponsibleUseOptions>(ResponsibleUseOptions.Section)
            .AddChecked<RunOptions>(RunOptions.Section).AddChecked<LiveOptions>(LiveOptions.Section).AddChecked<TrackingOptions>(TrackingOptions.Section)
            .AddChecked<StorageOptions>(StorageOptions.Section);
        services.AddChecked<RemoteOptions>(RemoteOptions.Section).AddSingleton<IValidateOptions<RemoteOptions>, RemoteOptionsValidation>();
        services.AddSingleton(provider => AlignmentFiles.Load(provider.GetRequiredService<PortalPaths>()));
        services.AddSingleton<PortalPaths>().AddSingleton(TimeProvider.System);

        services.AddSingleton<IDbContextFactory<PortalDbContext>, PortalContexts>();
        services.AddSingleton<ImageStore>().AddSingleton<AnalysisStore>().AddSingleton<AcknowledgementStore>().AddSingleton<SavedViewStore>().AddSingleton<StorageSetup>();

        services.AddSingleton<CheckpointCatalog>().AddSingleton<RemoteModels>().AddSingleton<IReasoningModelFactory, ReasoningModelFactory>().AddSingleton<ModelPool>();
        services.AddSingleton<WaitingAnalyses>().AddSingleton<RunningAnalyses>().AddSingleton<LiveFeeds>().AddSingleton<AnalysisDesk>();
        services.AddSingleton<FaceFinder>().AddSingleton<FaceEstimates>().AddSingleton<EvaluationFiles>().AddSingleton<Comparisons>().AddSingleton<TrainingTrends>().AddSingleton<PhotoIntake>().AddSingleton<SampleCatalog>().AddSingleton<PhotoUpload>();
        services.AddSingleton<ProbeFiles>().AddSingleton<ProbeDesk>();
        services.AddSingleton<RunTraces>().AddSingleton<RolloutFiles>().AddSingleton<SynthesisFiles>().AddSingleton<RunPhotos>().AddSingleton<CheckpointImport>();
        // Order matters: the worker reads tables that the setup makes.
        services.AddHostedService<AlignmentCheck>().AddHostedService(provider => provider.GetRequiredService<StorageSetup>()).AddHostedService<AnalysisWorker>();

        services.AddSingleton<FolderChanges>().AddSingleton<RunCatalog>().AddSingleton<RunFeed>().AddSingleton<RunLauncher>().AddSingleton<RunDesk>();
        services.AddSingleton<BenchmarkCatalog>().AddSingleton<BenchmarkPictures>().AddSingleton<EvaluationDesk>().AddSingleton<EvaluationIndex>().AddSingleton<EvaluationStore>();
        services.AddSingleton<RunStateSender>().AddSingleton<ExternalRuns>().AddOriginGuard();
        services.AddSignalR().AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        services.AddHostedService<RunWatcher>().AddHostedService<RunQueue>();

        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = "facialr1-antiforgery");
        services.AddDataProtection().SetApplicationName("FacialR1.Portal");
        // Kept beside the data, so that open pages and cookies survive a restart.
        services.AddOptions<KeyManagementOptions>().Configure<PortalPaths, ILoggerFactory>((keys, paths, loggers) =>
            keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(Path.Combine(paths.Cache, "keys")), loggers));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        services.AddHealthChecks().AddCheck<StorageHealth>("storage").AddCheck<CheckpointHealth>("checkpoints");
        return services;
    }

    /// <summary>All middleware and endpoints of the portal.</summary>
    public static WebApplication UsePortal(this WebApplication app)
    {
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseSecurityHeaders();
        // The root-level wwwroot is not part of the project's asset manifest; it is looked at again on each visit and sent only when it changed.
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        // After the files above: routing would otherwise claim their addresses for the manifest they are not in.
        app.UseOriginGuard(TrainingHub.Address);
        app.UseRouting();
        app.UseCors();
        app.UseAntiforgery();

        app.MapStaticAssets();
        app.MapPictures();
        app.MapAnalysisData();
        app.MapComparisons();
        app.MapResults();
        app.MapExports();
        app.MapRuns();
        app.MapAcknowledgement();
        app.MapHealth();
        app.MapTracking();
        app.MapHub<TrainingHub>(TrainingHub.Address).RequireCors(OriginGuard.Policy);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }

    private static IServiceCollection AddChecked<TOptions>(this IServiceCollection services, string section) where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
