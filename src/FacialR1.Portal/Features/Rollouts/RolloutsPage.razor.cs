using System.Globalization;
using FacialR1.Portal.Features.Training;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Rollouts;

/// <summary>The completions behind one step of a run. Phase and step are in the address.</summary>
public sealed partial class RolloutsPage : PageOfRun
{
    private IReadOnlyList<string> phases = [];
    private IReadOnlyList<long>? steps;
    private IReadOnlyList<RolloutGroup> groups = [], listed = [];
    private IReadOnlyList<string> emotions = [];
    private RolloutFilter filter = RolloutFilter.Parse(null, null, null);
    private int number = 1, pages = 1;
    private string phase = "";
    private string? typed;
    private string? problem;
    private double scale;
    private long shown;
    private bool hasData;
    private string? data;

    [Inject] public required RolloutFiles Rollouts { get; init; }
    [Inject] public required RunPhotos Photos { get; init; }
    [SupplyParameterFromQuery(Name = "phase")] public string? Phase { get; set; }

    /// <summary>The last step when absent.</summary>
    [SupplyParameterFromQuery(Name = "step")] public long? Step { get; set; }

    [SupplyParameterFromQuery(Name = "show")] public string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "emotion")] public string? Emotion { get; set; }
    [SupplyParameterFromQuery(Name = "page")] public int? PageNumber { get; set; }

    private long? Before => Neighbour(-1);
    private long? After => Neighbour(1);

    private string RangeText => string.Create(CultureInfo.InvariantCulture, $"{steps!.Count:N0} steps with rollouts, {steps[0]:N0} to {steps[^1]:N0}");

    protected override async Task ReadAsync()
    {
        try
        {
            var keys = await Rollouts.KeysAsync(Id, Leaving) ?? [];
            string[] names = [.. keys.Select(key => key.Phase).Distinct()];
            var wanted = Phase is not null && names.Contains(Phase) ? Phase : names.Length > 0 ? names[^1] : "";
            long[] logged = [.. keys.Where(key => key.Phase == wanted).Select(key => key.Step).Distinct().Order()];
            var nearest = logged.Length == 0 ? 0 : Step is { } asked ? logged.MinBy(step => Math.Abs(step - asked)) : logged[^1];
            var found = logged.Length == 0 ? [] : await Rollouts.GroupsAsync(Id, wanted, nearest, Leaving);
            // All at once: a page must never show the steps of one moment and the groups of another.
            (phases, phase, steps, shown, groups, filter) = (names, wanted, logged, nearest, found, RolloutFilter.Parse(Show, Emotion, PageNumber));
            (hasData, data) = (Photos.HasData(Id), Photos.DataOf(Id));
            if (steps.Count == 0) return;
            // One scale for all advantages of the step, so that their bars can be compared.
            scale = groups.SelectMany(group => group.Completions ?? []).Select(completion => Math.Abs(completion.Advantage)).DefaultIfEmpty(1).Max();
            emotions = [.. groups.Select(group => group.Emotion).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            listed = [.. groups.Where(filter.Fits)];
            pages = Math.Max(1, (listed.Count + RolloutFilter.PageSize - 1) / RolloutFilter.PageSize);
            number = Math.Min(filter.Page, pages);
            problem = groups.Count == 0 ? $"The rollouts of step {shown} cannot be read: their lines are damaged." : null;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested) { }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"The rollouts cannot be read: {error.Message}";
        }
    }

    private long? Neighbour(int by)
    {
        var index = steps is { Count: > 0 } ? steps.ToList().BinarySearch(shown) + by : -1;
        return index >= 0 && index < steps!.Count ? steps[index] : null;
    }

    private string? StepLink(long? step) => step is { } wanted ? (filter with { Page = 1 }).Link(Id, phase, wanted) : null;

    private int CountOf(RolloutFilter wanted) => groups.Count(wanted.Fits);

    private string ListedText => listed.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"None of the {groups.Count} groups of this step fits.")
        : string.Create(CultureInfo.InvariantCulture, $"Groups {(number - 1) * RolloutFilter.PageSize + 1} to {Math.Min(listed.Count, number * RolloutFilter.PageSize)} of {listed.Count}")
            + (listed.Count == groups.Count ? "." : string.Create(CultureInfo.InvariantCulture, $", out of {groups.Count} of this step."));

    private void ChooseEmotion(ChangeEventArgs change) =>
        Navigation.NavigateTo((filter with { Emotion = change.Value?.ToString() is { Length: > 0 } name ? name : null, Page = 1 }).Link(Id, phase, shown));

    private void GoAsync()
    {
        if (long.TryParse(typed, NumberStyles.Integer, CultureInfo.InvariantCulture, out var wanted)) Navigation.NavigateTo(RunLinks.Rollouts(Id, phase, wanted));
    }
}
