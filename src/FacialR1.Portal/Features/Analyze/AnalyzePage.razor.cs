using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Samples;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Layout;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Features.Analyze;

/// <summary>The front page. The batch and the settings are in the address, so a reload or a link shows the same.</summary>
public sealed partial class AnalyzePage : ComponentBase
{
    private IReadOnlyList<CheckpointEntry> checkpoints = [];
    private IReadOnlyList<SamplePicture> samples = [];
    private IReadOnlyList<PhotoRecord> photos = [];
    private readonly List<RefusedFile> refused = [];
    private RunSettings settings = new(null, FacialR1.Analysis.DecodingOptions.Greedy);
    private LegalBasis basis;
    private Guid? shownBatch;
    private bool isBusy, hasBrokenCheckpoints;

    [Inject] public required CheckpointCatalog Catalog { get; init; }
    [Inject] public required SampleCatalog SampleCatalog { get; init; }
    [Inject] public required AnalysisStore Store { get; init; }
    [Inject] public required PhotoUpload PhotoUpload { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IOptions<UploadOptions> Uploads { get; init; }
    [Inject] public required IOptions<InferenceOptions> Inference { get; init; }
    [CascadingParameter] public required Visitor Visitor { get; set; }

    [SupplyParameterFromQuery] public Guid? Batch { get; set; }
    [SupplyParameterFromQuery] public string? Checkpoint { get; set; }
    [SupplyParameterFromQuery] public double? Temperature { get; set; }
    [SupplyParameterFromQuery(Name = "top-k")] public int? TopK { get; set; }
    [SupplyParameterFromQuery(Name = "top-p")] public double? TopP { get; set; }
    [SupplyParameterFromQuery] public double? Penalty { get; set; }
    [SupplyParameterFromQuery(Name = "max-tokens")] public int? MaxTokens { get; set; }
    [SupplyParameterFromQuery] public long? Seed { get; set; }

    private string AddressHere => new Uri(Navigation.Uri).PathAndQuery;

    protected override void OnInitialized()
    {
        var all = Catalog.All();
        checkpoints = [.. all.Where(checkpoint => checkpoint.Problem is null)];
        hasBrokenCheckpoints = all.Count > checkpoints.Count;
        samples = SampleCatalog.All();
    }

    protected override async Task OnParametersSetAsync()
    {
        var checkpoint = checkpoints.FirstOrDefault(entry => entry.Name == Checkpoint) ?? checkpoints.DefaultChoice();
        settings = new RunSettings(checkpoint?.Name,
            RunSettings.Decode(Temperature, TopK, TopP, Penalty, MaxTokens, Seed, Inference.Value.LongestAnswerInTokens));
        if (Batch == shownBatch) return;
        shownBatch = Batch;
        refused.Clear();
        await ReadBatchAsync();
    }

    private async Task ReadBatchAsync() => photos = Batch is { } batch ? await Store.BatchAsync(batch, CancellationToken.None) : [];

    private async Task UploadAsync(IReadOnlyList<IBrowserFile> files)
    {
        if (isBusy || !Visitor.HasAcknowledged || files.Count == 0) return;
        var batch = BeginBatch();
        refused.AddRange(await PhotoUpload.TakeAsync(files, batch, settings, basis, ShowTakenAsync, CancellationToken.None));
        isBusy = false;
    }

    private async Task TrySampleAsync(SamplePicture sample)
    {
        if (isBusy) return;
        var batch = BeginBatch();
        if (await PhotoUpload.TakeSampleAsync(sample, batch, settings, CancellationToken.None) is { } problem) refused.Add(problem);
        await ShowTakenAsync();
        isBusy = false;
    }

    /// <summary>More photos join the batch that is shown; the first ones begin it and give it its link.</summary>
    private Guid BeginBatch()
    {
        (isBusy, Batch) = (true, Batch ?? Guid.CreateVersion7());
        refused.Clear();
        if (shownBatch != Batch)
        {
            shownBatch = Batch;
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("batch", Batch));
        }
        return Batch.Value;
    }

    private async Task ShowTakenAsync()
    {
        await ReadBatchAsync();
        StateHasChanged();
    }

    private void ChangeSettings(RunSettings changed)
    {
        settings = changed;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(changed.ToQuery(checkpoints.DefaultChoice()?.Name)), replace: true);
    }

    private void StartAfresh() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("batch", (Guid?)null));

    private void Forget(RefusedFile file) => refused.Remove(file);
}
