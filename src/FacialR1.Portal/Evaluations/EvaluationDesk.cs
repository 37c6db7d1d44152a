using System.Globalization;
using FacialR1.Analysis;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Runs;
using FacialR1.Training.Evaluation;

namespace FacialR1.Portal.Evaluations;

/// <summary>Puts evaluations into the queue of a device, as runs of the kind <c>evaluate</c>. They are the same command that a person would type, and write the same files.</summary>
public sealed class EvaluationDesk(RunDesk runs, RunCatalog catalog, CheckpointCatalog checkpoints, BenchmarkCatalog benchmarks, IReasoningModelFactory models, PortalPaths paths, TimeProvider clock)
{
    private const int MostAtOnce = 64;

    /// <summary>Greedy, with room for the longest reports of the embedded models.</summary>
    public static DecodingOptions UsualDecoding { get; } = DecodingOptions.Greedy with { MaxTokens = 192 };

    /// <summary>Where evaluations can run; one at a time on each.</summary>
    public IReadOnlyList<string> Devices => runs.Devices;

    /// <summary>Queues every checkpoint on every benchmark.</summary>
    /// <returns>Ids of the runs, in that order.</returns>
    /// <exception cref="EvaluationRefusedException">Something is missing or out of range; the message says what.</exception>
    /// <exception cref="ModelUnavailableException">A checkpoint cannot be used.</exception>
    /// <exception cref="IOException">A run folder cannot be made.</exception>
    public async Task<IReadOnlyList<string>> SubmitAsync(EvaluationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var launches = new List<RunLaunch>();
        foreach (var (checkpoint, benchmark) in await Task.Run(() => Check(request), cancellationToken))
        {
            var identity = await models.IdentifyAsync(checkpoint, cancellationToken);
            launches.Add(Launch(request, checkpoint, benchmark, identity));
        }

        return await Task.Run(() => launches.ConvertAll(runs.Enqueue), cancellationToken);
    }

    /// <summary>Runs of evaluations, the latest first.</summary>
    public IReadOnlyList<RunSummary> Runs(IReadOnlyList<RunSummary> all) => [.. all.Where(run => run.Kind == EvaluationRun.Kind)];

    /// <summary>Name of the result that a run writes; null where it cannot be told.</summary>
    public string? ResultOf(string run) => Option(run, "--out") is { } file ? Path.GetFileNameWithoutExtension(file) : null;

    /// <summary>What a run that has not begun yet will ask; null where it cannot be told.</summary>
    public string? BenchmarkOf(string run) => Option(run, "--data") is { } folder ? Option(run, "--split") is { } split ? $"{Path.GetFileName(folder)}/{split}" : Path.GetFileName(folder) : null;

    private string? Option(string run, string name)
    {
        try
        {
            return RunLaunch.Read(catalog.FolderOf(run).Path)?.Options.GetValueOrDefault(name);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    private IReadOnlyList<(CheckpointEntry Checkpoint, BenchmarkEntry Benchmark)> Check(EvaluationRequest request)
    {
        if (request.Checkpoints.Count == 0) throw new EvaluationRefusedException("Choose at least one checkpoint.");
        if (request.Benchmarks.Count == 0) throw new EvaluationRefusedException("Choose at least one benchmark.");
        if (request.Checkpoints.Count * request.Benchmarks.Count > MostAtOnce)
            throw new EvaluationRefusedException(string.Create(CultureInfo.InvariantCulture, $"{request.Checkpoints.Count * request.Benchmarks.Count} evaluations are too many at once; choose at most {MostAtOnce}."));
        if (!Devices.Contains(request.Device)) throw new EvaluationRefusedException($"The device is one of {string.Join(", ", Devices)}, not \"{request.Device}\".");
        if (request.Limit is < 1) throw new EvaluationRefusedException("The number of samples is at least 1.");
        if (Fault(request.Decoding) is { } fault) throw new EvaluationRefusedException(fault);
        var (allCheckpoints, allBenchmarks) = (checkpoints.Usable(), benchmarks.All());
        return [.. from checkpoint in request.Checkpoints from benchmark in request.Benchmarks select (
            allCheckpoints.FirstOrDefault(entry => entry.Name == checkpoint) ?? throw new EvaluationRefusedException($"There is no checkpoint \"{checkpoint}\" any more. Choose from the list."),
            allBenchmarks.FirstOrDefault(entry => entry.Name == benchmark && entry.Problem is null) ?? throw new EvaluationRefusedException($"There is no benchmark \"{benchmark}\" any more. Choose from the list."))];
    }

    private static string? Fault(DecodingOptions decoding) => decoding switch
    {
        { Temperature: < 0 or > 5 or double.NaN } => "The temperature lies between 0 and 5.",
        { TopP: <= 0 or > 1 or double.NaN } => "Top-p lies above 0 and at most at 1.",
        { TopK: < 0 } => "Top-k is 0 (all tokens) or more.",
        { RepetitionPenalty: < 1 or > 5 or double.NaN } => "The repetition penalty lies between 1 and 5.",
        { MaxTokens: < 1 or > 32_768 } => "The longest answer has 1 to 32768 tokens.",
        _ => null,
    };

    private RunLaunch Launch(EvaluationRequest request, CheckpointEntry checkpoint, BenchmarkEntry benchmark, ModelIdentity identity)
    {
        var decoding = request.Decoding;
        var options = new Dictionary<string, string>
        {
            ["--checkpoint"] = checkpoint.Name,
            ["--data"] = benchmark.Folder,
            ["--out"] = Path.Combine(paths.Evaluations, EvaluationNames.Of(checkpoint.Name, identity.Sha256, benchmark.Name, decoding, request.Limit) + ".jsonl"),
            ["--protocol"] = request.Protocol.Id(),
            ["--temperature"] = Invariant($"{decoding.Temperature}"), ["--top-k"] = Invariant($"{decoding.TopK}"), ["--top-p"] = Invariant($"{decoding.TopP}"),
            ["--repetition-penalty"] = Invariant($"{decoding.RepetitionPenalty}"), ["--max-tokens"] = Invariant($"{decoding.MaxTokens}"), ["--seed"] = Invariant($"{decoding.Seed}"),
        };
        if (benchmark.Split is { } split) options["--split"] = split;
        if (request.Limit is { } limit) options["--limit"] = Invariant($"{limit}");
        return new RunLaunch(EvaluationRun.Kind, [.. options.Select(option => $"{option.Key}={option.Value}")], options, request.Device, checkpoint.Name, paths.Root, clock.GetUtcNow());
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An evaluation cannot be queued as it was asked for; the message says what to change.</summary>
public sealed class EvaluationRefusedException(string message) : Exception(message);
