using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;
using FacialR1.Training.Data;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Rollouts;

/// <summary>One sampled completion as a checked text. Which one is in the address.</summary>
public sealed partial class CompletionPage : PageOfRun
{
    private RolloutGroup? group;
    private RolloutCompletion? completion;
    private ReasoningCheck? check;
    private string? problem;
    private bool hasPhoto, isLoaded;

    [Inject] public required RolloutFiles Rollouts { get; init; }
    [Inject] public required RunPhotos Photos { get; init; }
    [Inject] public required AlignmentTables Tables { get; init; }
    [SupplyParameterFromQuery(Name = "phase")] public string? Phase { get; set; }
    [SupplyParameterFromQuery(Name = "step")] public long? Step { get; set; }
    [SupplyParameterFromQuery(Name = "sample")] public string? Sample { get; set; }

    /// <summary>From 1.</summary>
    [SupplyParameterFromQuery(Name = "number")] public int? Number { get; set; }

    protected override async Task ReadAsync()
    {
        try
        {
            var found = (await Rollouts.GroupsAsync(Id, Phase ?? "", Step ?? 0, Leaving)).FirstOrDefault(group => group.Sample == Sample);
            (group, completion, check, problem) = (found, Number is { } number && number > 0 ? found?.Completions?.ElementAtOrDefault(number - 1) : null, null, null);
            if (group is null || completion is null) return;
            // Units outside the vocabulary of the labels were never looked for, so nothing is said about them.
            var evidence = group.LabelledUnits is { } present ? FaceEvidence.Annotated(present, [.. FerAuFolder.ActionUnits.Union(present)], "label of the data set") : FaceEvidence.None;
            check = ReasoningCheck.Of(ClaimReader.Read(completion.Text ?? ""), evidence, Tables.Weights, Tables.Prototypes, Emotions.TryParse(group.Emotion ?? "", out var label) ? label : null);
            hasPhoto = Photos.HasData(Id);
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested) { }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { problem = $"The rollouts cannot be read: {error.Message}"; }
        finally { isLoaded = true; }
    }
}
