using FacialR1.Analysis;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Layout;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.SideBySide;

/// <summary>
/// Several checkpoints on the face of one analysis. What was asked before with the same decoding is shown; what was not is asked only when a person presses the button,
/// so that opening a link starts no work.
/// </summary>
public sealed partial class SideBySidePage : ComponentBase
{
    /// <summary>More columns could not be read beside each other.</summary>
    public const int MostCheckpoints = 4;

    private AnalysisRecord? origin;
    private IReadOnlyList<string> names = [], chosen = [];
    private Dictionary<string, string> remotes = [];   // hosts by checkpoint
    private IReadOnlyList<SideColumn> columns = [];
    private bool isMissing, isBusy;
    private string? problem;

    [Inject] public required AnalysisStore Store { get; init; }
    [Inject] public required AnalysisDesk Desk { get; init; }
    [Inject] public required CheckpointCatalog Catalog { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [CascadingParameter] public required Visitor Visitor { get; set; }
    [SupplyParameterFromQuery] public Guid? Analysis { get; set; }

    /// <summary>Names with commas between them.</summary>
    [SupplyParameterFromQuery] public string? Checkpoints { get; set; }

    public static string Link(Guid analysis) => $"/side-by-side?analysis={analysis}";

    /// <summary>Chosen, there, and not asked yet.</summary>
    private IReadOnlyList<string> Missing => [.. chosen.Where(names.Contains).Except(columns.Select(column => column.Checkpoint))];

    private string ColumnsKey => string.Join(',', columns.Select(column => column.AnalysisId));

    protected override void OnInitialized()
    {
        var usable = Catalog.Usable();
        names = [.. usable.Select(checkpoint => checkpoint.Name)];
        remotes = usable.Where(checkpoint => checkpoint.Remote is not null).ToDictionary(checkpoint => checkpoint.Name, checkpoint => checkpoint.Remote!.Host);
    }

    protected override async Task OnParametersSetAsync()
    {
        origin = Analysis is { } id ? await Store.FindAsync(id, CancellationToken.None) : null;
        isMissing = origin is null;
        if (origin is null) return;
        chosen = Checkpoints is null ? [origin.Checkpoint] : [.. Checkpoints.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(MostCheckpoints)];
        await ReadAsync();
    }

    /// <summary>The newest answer of each chosen checkpoint about this face, asked in the same way; the one that was opened goes before a newer one.</summary>
    private async Task ReadAsync()
    {
        var batch = await Store.BatchAsync(origin!.Photo!.BatchId, CancellationToken.None);
        var answers = batch.FirstOrDefault(photo => photo.Id == origin.PhotoId)?.Analyses ?? [];
        var known = answers.Where(answer => answer.FaceIndex == origin.FaceIndex && answer.Decoding == origin.Decoding && answer.Status is not (AnalysisStatus.Failed or AnalysisStatus.Stopped)).ToArray();
        columns =
        [
            .. from name in chosen
               let answer = name == origin.Checkpoint ? origin : known.LastOrDefault(answer => answer.Checkpoint == name)
               where answer is not null
               select columns.FirstOrDefault(column => column.AnalysisId == answer.Id) ?? new SideColumn(name, answer.Id, new LinkedSelection()),
        ];
    }

    private void Choose(string name)
    {
        IReadOnlyList<string> changed = chosen.Contains(name) ? [.. chosen.Where(other => other != name)] : [.. chosen, name];
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("checkpoints", string.Join(',', changed)), replace: true);
    }

    private async Task AskAsync()
    {
        if (!Visitor.HasAcknowledged)
        {
            problem = "Read and accept the rules of responsible use on the Analyze page first.";
            return;
        }

        (isBusy, problem) = (true, null);
        try
        {
            foreach (var name in Missing) await Desk.SubmitAsync(origin!.Photo!, origin.FaceIndex, name, origin.Decoding, CancellationToken.None);
        }
        catch (Exception error) when (error is QueueFullException or ModelUnavailableException or FileNotFoundException)
        {
            problem = error.Message;
        }
        finally { isBusy = false; }

        await ReadAsync();
    }
}
