using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace FacialR1.Portal.Features.History;

/// <summary>What was analysed before. Search and page are in the address.</summary>
public sealed partial class HistoryPage : ComponentBase
{
    private const int PageSize = 24;
    private HistoryPageOfAnalyses? shown;
    private string? typed;

    [Inject] public required AnalysisStore Store { get; init; }
    [Inject] public required AnalysisDesk Desk { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Inject] public required IDialogService Dialogs { get; init; }
    [SupplyParameterFromQuery] public string? Search { get; set; }
    [SupplyParameterFromQuery(Name = "page")] public int? Page { get; set; }

    private string Summary => shown switch
    {
        null => "Loading…",
        { Total: 0 } => "Nothing to show",
        { Total: 1 } => "1 analysis",
        _ => $"{shown.Total} analyses, newest first",
    };

    protected override async Task OnParametersSetAsync()
    {
        typed = Search;
        await LoadAsync();
    }

    private async Task LoadAsync() => shown = await Store.PageAsync(new HistoryQuery(Search, Page ?? 1, PageSize), CancellationToken.None);

    private void SearchAsync() => Navigation.NavigateTo(Link(typed, 1));

    private string PageLink(int page) => Link(Search, page);

    private string Link(string? search, int page) => Navigation.GetUriWithQueryParameters("/history", new Dictionary<string, object?>
    {
        ["search"] = string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
        ["page"] = page > 1 ? page : null,
    });

    private static string StatusText(AnalysisRecord analysis) => analysis.Status switch
    {
        AnalysisStatus.Queued => "In the queue",
        AnalysisStatus.Running => "Being written",
        AnalysisStatus.Stopped => "Stopped",
        AnalysisStatus.Failed => "Failed",
        _ => "No usable answer",
    };

    private async Task DeleteAsync(AnalysisRecord analysis)
    {
        var isSure = await Dialogs.ShowMessageBoxAsync("Delete this analysis?",
            $"The analysis of “{analysis.Photo!.OriginalName}” and its pictures are removed for good. Other analyses of the same photo stay.", yesText: "Delete", cancelText: "Keep it");
        if (isSure != true) return;
        await Desk.DeleteAsync(analysis.Id, CancellationToken.None);
        await LoadAsync();
    }
}
