using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Training;

/// <summary>All runs with where they stand, as it changes.</summary>
public sealed partial class TrainingPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource leaving = new();
    private IReadOnlyList<RunSummary>? runs;

    [Inject] public required RunCatalog Catalog { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }

    private string Summary => runs switch
    {
        null => "Loading…",
        { Count: 0 } => "The three stages, live: SFT, GRPO, synthesis.",
        _ => $"{(runs.Count == 1 ? "1 run" : $"{runs.Count} runs")}, {runs.Count(run => run.State.IsActive())} at work",
    };

    protected override async Task OnInitializedAsync() => runs = await Task.Run(Catalog.Refresh);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = FollowAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var now in Catalog.FollowAsync(leaving.Token))
            {
                await InvokeAsync(() =>
                {
                    if (ReferenceEquals(runs, now)) return;
                    runs = now;
                    StateHasChanged();
                });
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException) { }
    }

    private static string Times(RunSummary run) => string.Join(" · ", new[]
    {
        RunText.Remaining(run),
        run.StartedAt is { } begun ? $"began {Figures.Time(begun)}" : "",
    }.Where(text => text.Length > 0));

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }
}
