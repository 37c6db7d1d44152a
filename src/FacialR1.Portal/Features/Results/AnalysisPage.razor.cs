using FacialR1.Analysis;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace FacialR1.Portal.Features.Results;

/// <summary>One analysis under its own link.</summary>
public sealed partial class AnalysisPage : ComponentBase, IDisposable
{
    private readonly LinkedSelection selection = new();
    private AnalysisRecord? analysis;
    private bool isBusy;
    private string? problem;

    [Inject] public required AnalysisStore Store { get; init; }
    [Inject] public required AnalysisDesk Desk { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IDialogService Dialogs { get; init; }
    [Parameter] public Guid Id { get; set; }
    [SupplyParameterFromQuery(Name = "au")] public int? UnitInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "overlays")] public string? OverlaysInAddress { get; set; }

    public static string Link(Guid id) => $"/analyses/{id}";

    protected override void OnInitialized() => selection.Chosen += KeepInAddress;

    protected override async Task OnParametersSetAsync()
    {
        selection.Take(UnitInAddress, OverlaysInAddress);
        if (analysis?.Id == Id) return;
        analysis = await Store.FindAsync(Id, CancellationToken.None);
        if (analysis is null) Navigation.NotFound();
    }

    /// <summary>So that a link shows what is seen here: the held unit and the overlays.</summary>
    private void KeepInAddress() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["au"] = selection.Unit, ["overlays"] = selection is { ShowsBoxes: true, ShowsRegions: true } ? null : selection.Overlays,
    }), replace: true);

    public void Dispose() => selection.Chosen -= KeepInAddress;

    private void Show(Guid id) => Navigation.NavigateTo(Link(id));

    private async Task AnalyzeFaceAsync(int face)
    {
        if (analysis is null || face == analysis.FaceIndex) return;
        (isBusy, problem) = (true, null);
        try
        {
            Show(await Desk.SubmitAsync(analysis.Photo!, face, analysis.Checkpoint, analysis.Decoding, CancellationToken.None));
        }
        catch (Exception error) when (error is QueueFullException or ModelUnavailableException or FileNotFoundException)
        {
            problem = error.Message;
        }
        finally { isBusy = false; }
    }

    private async Task DeleteAsync()
    {
        var isSure = await Dialogs.ShowMessageBoxAsync("Delete this analysis?",
            "Its text and its pictures are removed for good. Other analyses of the same photo stay.", yesText: "Delete", cancelText: "Keep it");
        if (isSure != true) return;
        await Desk.DeleteAsync(Id, CancellationToken.None);
        Navigation.NavigateTo("/history");
    }
}
