using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Features.Training.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Training;

/// <summary>All runs with where they stand, looked at again every few seconds.</summary>
public sealed partial class TrainingPage : ComponentBase, IDisposable
{
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource leaving = new();
    private IReadOnlyList<RunOverview>? runs;
    private string? problem;

    [Inject] public required RunFolders Folders { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }

    private string Summary => runs switch
    {
        null => "Loading…",
        { Count: 0 } => "The three stages, live: SFT, GRPO, synthesis.",
        _ => $"{(runs.Count == 1 ? "1 run" : $"{runs.Count} runs")}, {runs.Count(run => run.IsRunning)} running",
    };

    protected override async Task OnInitializedAsync() => await LookAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = KeepLookingAsync();
    }

    private async Task LookAsync()
    {
        try { (runs, problem) = (await Task.Run(Folders.All, leaving.Token), null); }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested) { }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"The folder of the runs cannot be read: {error.Message}";
        }
    }

    private async Task KeepLookingAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(LookInterval, Clock, leaving.Token);
                await InvokeAsync(async () =>
                {
                    await LookAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException) { }
    }

    private static string Times(RunOverview run) => string.Join(" · ", new[]
    {
        RunText.Remaining(run),
        run.Glance.Begun is { } begun ? $"began {Figures.Time(begun)}" : "",
    }.Where(text => text.Length > 0));

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }
}
