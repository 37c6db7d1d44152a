using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace FacialR1.Portal.Features.Training;

/// <summary>Pause, resume, finish early, stop. The training process obeys after its present step; the page shows it when it has.</summary>
public sealed partial class RunActions : ComponentBase
{
    private bool isBusy;
    private string? problem;

    [Inject] public required RunDesk Desk { get; init; }
    [Inject] public required IDialogService Dialogs { get; init; }
    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    private async Task FinishAsync()
    {
        var isSure = await Dialogs.ShowMessageBoxAsync("Finish this phase early?",
            "After the present step the phase is validated and saved as if all its steps were done. The steps that are left cannot be taken later.", yesText: "Finish early", cancelText: "Go on training");
        if (isSure == true) await AskAsync(Desk.FinishAsync);
    }

    private async Task AskAsync(Func<string, CancellationToken, Task> request)
    {
        (isBusy, problem) = (true, null);
        try { await request(Run.Id, CancellationToken.None); }
        catch (Exception error) when (error is RunDeskException or KeyNotFoundException or IOException or UnauthorizedAccessException) { problem = error.Message; }
        finally { isBusy = false; }
    }
}
