using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Training;

/// <summary>One run under its own link; how its curves are looked at is in the query.</summary>
public sealed partial class RunPage : ComponentBase
{
    private RunSummary? run;
    private ChartSettings settings = ChartSettings.Parse(null, null, null, null, null, null);

    [Inject] public required RunCatalog Catalog { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Parameter] public required string Id { get; set; }
    [SupplyParameterFromQuery(Name = "phase")] public string? Phase { get; set; }
    [SupplyParameterFromQuery(Name = "axis")] public string? Axis { get; set; }
    [SupplyParameterFromQuery(Name = "smooth")] public string? Smooth { get; set; }
    [SupplyParameterFromQuery(Name = "from")] public string? From { get; set; }
    [SupplyParameterFromQuery(Name = "to")] public string? To { get; set; }
    [SupplyParameterFromQuery(Name = "with")] public string? With { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        settings = ChartSettings.Parse(Phase, Axis, Smooth, From, To, With);
        if (run?.Id == Id) return;
        run = await Catalog.LookUpAsync(Id, CancellationToken.None);
        if (run is null) Navigation.NotFound();
    }

    private void Change(ChartSettings wanted) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(RunLinks.Run(Id), wanted.ToQuery()), replace: true);
}
