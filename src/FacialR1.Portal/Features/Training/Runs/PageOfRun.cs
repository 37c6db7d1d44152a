using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>A page about one run, whose name is in the address.</summary>
public abstract class PageOfRun : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource leaving = new();

    protected PageOfRun() => Leaving = leaving.Token;

    [Inject] public required RunCatalog Catalog { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [Parameter] public required string Id { get; set; }

    /// <summary>Null until it is found.</summary>
    protected RunSummary? Run { get; private set; }

    /// <summary>Nobody looks at the page any more.</summary>
    protected CancellationToken Leaving { get; }

    protected sealed override async Task OnParametersSetAsync()
    {
        Run = await Catalog.LookUpAsync(Id, Leaving);
        if (Run is null) Navigation.NotFound();
        else await ReadAsync();
    }

    /// <summary>Reads what the address asks for, of a run that is there.</summary>
    protected abstract Task ReadAsync();

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
        GC.SuppressFinalize(this);
    }
}
