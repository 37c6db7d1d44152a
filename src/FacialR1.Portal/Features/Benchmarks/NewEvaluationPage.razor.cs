using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Evaluations;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>Chooses what is to be measured and puts it into the queue.</summary>
public sealed partial class NewEvaluationPage : ComponentBase
{
    public const string Address = "/benchmarks/new";
    private readonly List<string> chosenCheckpoints = [], chosenBenchmarks = [];
    private IReadOnlyList<CheckpointEntry>? checkpoints;
    private IReadOnlyList<BenchmarkEntry>? benchmarks;
    private EvaluationProtocol protocol;
    private string temperature = "0", topP = "1", topK = "0", penalty = "1", seed = "0", device = "";
    private string maxTokens = EvaluationDesk.UsualDecoding.MaxTokens.ToString(CultureInfo.InvariantCulture);
    private string? limit, problem;
    private bool isBusy;

    [Inject] public required EvaluationDesk Desk { get; init; }
    [Inject] public required CheckpointCatalog Checkpoints { get; init; }
    [Inject] public required BenchmarkCatalog Benchmarks { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }

    /// <summary>Ticked beforehand.</summary>
    [SupplyParameterFromQuery] public string[] Checkpoint { get; set; } = [];

    /// <summary>Ticked beforehand.</summary>
    [SupplyParameterFromQuery] public string[] Benchmark { get; set; } = [];

    private string StartLabel => chosenCheckpoints.Count * chosenBenchmarks.Count is > 1 and var count ? FormattableString.Invariant($"Queue {count} evaluations") : "Queue the evaluation";

    protected override async Task OnInitializedAsync()
    {
        device = Desk.Devices[0];
        (checkpoints, benchmarks) = await Task.Run(() => (Checkpoints.Usable(), (IReadOnlyList<BenchmarkEntry>)[.. Benchmarks.All().Where(benchmark => benchmark.Problem is null)]));
        chosenCheckpoints.AddRange(Checkpoint.Where(name => checkpoints.Any(entry => entry.Name == name)));
        chosenBenchmarks.AddRange(Benchmark.Where(name => benchmarks.Any(entry => entry.Name == name)));
    }

    private static void Choose(List<string> chosen, string name, ChangeEventArgs change)
    {
        chosen.Remove(name);
        if (change.Value is true) chosen.Add(name);
    }

    private async Task StartAsync()
    {
        (isBusy, problem) = (true, null);
        try
        {
            await Desk.SubmitAsync(Request(), CancellationToken.None);
            Navigation.NavigateTo(ResultText.Address);
        }
        catch (Exception error) when (error is EvaluationRefusedException or ModelUnavailableException or RunDeskException or IOException or UnauthorizedAccessException)
        {
            problem = error.Message;
        }
        finally { isBusy = false; }
    }

    private EvaluationRequest Request() => new(
        chosenCheckpoints, chosenBenchmarks, protocol,
        new DecodingOptions(Number(temperature, "The temperature"), Whole(topK, "Top-k"), Number(topP, "Top-p"), Number(penalty, "The repetition penalty"), MaxTokens: Whole(maxTokens, "The longest answer"), Seed: Whole(seed, "The seed")),
        string.IsNullOrWhiteSpace(limit) ? null : Whole(limit, "The number of samples"), device);

    private static double Number(string text, string name) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
        ? number : throw new EvaluationRefusedException($"{name} is a number such as 0.7, not \"{text}\".");

    private static int Whole(string text, string name) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number : throw new EvaluationRefusedException($"{name} is a whole number, not \"{text}\".");
}
