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
    private readonly Faithfulness.ProbeChoice choice = new();
    private AnalysisRecord? analysis, ended;
    private bool hasPoints;
    private bool isBusy;
    private string? problem;

    [Inject] public required AnalysisStore Store { get; init; }
    [Inject] public required FaceEstimates Estimates { get; init; }
    [Inject] public required AnalysisDesk Desk { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IDialogService Dialogs { get; init; }
    [Parameter] public Guid Id { get; set; }
    [SupplyParameterFromQuery(Name = "au")] public int? UnitInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "overlays")] public string? OverlaysInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "look")] public string? LookInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "of")] public string? TargetInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "cover")] public string? CoverInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "fill")] public string? FillingInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "change")] public string? ChangeInAddress { get; set; }

    public static string Link(Guid id) => $"/analyses/{id}";

    protected override void OnInitialized()
    {
        selection.Chosen += KeepInAddress;
        choice.Chosen += KeepInAddress;
    }

    protected override async Task OnParametersSetAsync()
    {
        selection.Take(UnitInAddress, OverlaysInAddress);
        choice.Take(LookInAddress, TargetInAddress, CoverInAddress, FillingInAddress, ChangeInAddress);
        if (analysis?.Id == Id) return;
        ended = null;
        analysis = await Store.FindAsync(Id, CancellationToken.None);
        if (analysis is null) Navigation.NotFound();
    }

    /// <summary>So that a link shows what is seen here: the held unit and the overlays.</summary>
    private void KeepInAddress() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["au"] = selection.Unit, ["overlays"] = selection is { ShowsBoxes: true, ShowsRegions: true, ShowsPoints: false } ? null : selection.Overlays,
        ["look"] = choice.LookText, ["of"] = choice.OfText, ["cover"] = choice.CoverText, ["fill"] = choice.FillingText, ["change"] = choice.Change,
    }), replace: true);

    public void Dispose()
    {
        selection.Chosen -= KeepInAddress;
        choice.Chosen -= KeepInAddress;
    }

    /// <summary>An answer that is there can be asked for its reasons.</summary>
    private async Task AllowQuestionsAsync(AnalysisRecord read)
    {
        ended = read is { Status: AnalysisStatus.Done, Text.Length: > 0 } ? read : null;
        hasPoints = ended is not null && await Estimates.OfAsync(ended, CancellationToken.None) is not null;
    }

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
