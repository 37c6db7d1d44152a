using System.Globalization;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Features.Training;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Synthesis;

/// <summary>What a run synthesised, why it was kept or not, and the review of it. Round, filters and page are in the address.</summary>
public sealed partial class SynthesisPage : PageOfRun
{
    private const int PageSize = 10;
    private readonly SampleReview?[] cards = new SampleReview?[PageSize];
    private SynthesisLedger? ledger;
    private SynthesisFilter filter = new(null, null, null, null, null, 1);
    private IReadOnlyList<int> rounds = [];
    private IReadOnlyList<SynthesisSample> shown = [];
    private string? problem;
    private int round;
    private int number = 1;
    private int pages = 1;
    private int listed;
    private bool hasData;
    private string? data;
    private bool isLoaded;

    [Inject] public required SynthesisFiles Files { get; init; }
    [Inject] public required RunPhotos Photos { get; init; }
    [SupplyParameterFromQuery(Name = "round")] public int? Round { get; set; }
    [SupplyParameterFromQuery(Name = "show")] public string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "emotion")] public string? Emotion { get; set; }
    [SupplyParameterFromQuery(Name = "unit")] public int? Unit { get; set; }
    [SupplyParameterFromQuery(Name = "reason")] public string? Reason { get; set; }
    [SupplyParameterFromQuery(Name = "page")] public int? Page { get; set; }

    protected override async Task ReadAsync()
    {
        filter = new SynthesisFilter(Round, Show, Emotion, Unit, Reason, Math.Max(1, Page ?? 1));
        (hasData, data) = (Photos.HasData(Id), Photos.DataOf(Id));
        await LoadAsync(keepsList: false);
    }

    /// <param name="keepsList">The listed samples stay where they are, also when a decision moved them out of the filter: a list that jumps under a reviewer's hands misleads.</param>
    private async Task LoadAsync(bool keepsList)
    {
        try
        {
            var all = await Files.LedgerAsync(Id, Leaving);
            (isLoaded, problem) = (true, null);
            rounds = all?.Rounds ?? [];
            if (rounds.Count == 0)
            {
                ledger = null;
                return;
            }
            round = filter.Round is { } wanted && rounds.Contains(wanted) ? wanted : rounds[^1];
            ledger = all!.Round(round);
            if (keepsList)
            {
                var fresh = ledger.Samples.ToDictionary(sample => sample.Name);
                shown = [.. shown.Select(sample => fresh.TryGetValue(sample.Name, out var now) ? sample with { Review = now.Review } : sample)];
                return;
            }

            var fitting = ledger.Samples.Where(filter.Takes).ToList();
            (listed, pages) = (fitting.Count, Math.Max(1, (fitting.Count + PageSize - 1) / PageSize));
            number = Math.Min(filter.Page, pages);
            var samples = fitting.Skip((number - 1) * PageSize).Take(PageSize).ToList();
            var texts = (await Files.TextsAsync(Id, samples, Leaving)).ToLookup(attempt => attempt.Sample);
            shown = [.. samples.Select(sample => sample with { Attempts = [.. sample.Attempts.Select(attempt => texts[sample.Name].LastOrDefault(text => text.Round == round && text.Attempt == attempt.Attempt) ?? attempt)] })];
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested) { }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            (isLoaded, problem) = (true, $"The synthesis of this run cannot be read: {error.Message}");
        }
    }

    private async Task DecideAsync((SynthesisSample Sample, ReviewDecision Decision, string? Text) wanted)
    {
        try
        {
            await Files.DecideAsync(Id, wanted.Sample.Round, wanted.Sample.Name, wanted.Decision, wanted.Text, Leaving);
            await LoadAsync(keepsList: true);
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested) { }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"The decision was not kept: {error.Message}";
        }
    }

    private async Task MoveAsync(int to)
    {
        if (to >= 0 && to < shown.Count && cards[to] is { } card) await card.FocusAsync();
    }

    private string LinkTo(SynthesisFilter wanted) => Navigation.GetUriWithQueryParameters(RunLinks.Synthesis(Id), wanted.ToQuery());

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(Yield yield) => yield.Share is { } share ? $"{Whole(yield.Accepted)} ({Figures.Percent(share)})" : "–";
}
