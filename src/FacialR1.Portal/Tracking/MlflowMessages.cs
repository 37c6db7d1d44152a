using System.Text.Json;
using System.Text.Json.Serialization;

namespace FacialR1.Portal.Tracking;

/// <summary>The shapes of MLflow's tracking REST API, version 2.0, as far as trainers use it. Names on the wire are in snake case.</summary>
internal static class MlflowJson
{
    /// <summary>64-bit numbers may come as text, and numbers that are not finite always do.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}

internal sealed record MlflowTag(string Key, string Value);

internal sealed record MlflowMetric([property: JsonRequired] string Key, [property: JsonRequired] double Value, [property: JsonRequired] long Timestamp, long Step = 0);

internal sealed record MlflowExperiment(
    string ExperimentId, string Name, string ArtifactLocation, string LifecycleStage, long CreationTime, long LastUpdateTime, IReadOnlyList<MlflowTag> Tags);

internal sealed record MlflowRunInfo(
    string RunId, string RunUuid, string RunName, string ExperimentId, string UserId, string Status, long StartTime, long? EndTime, string ArtifactUri, string LifecycleStage);

internal sealed record MlflowRunData(IReadOnlyList<MlflowMetric> Metrics, IReadOnlyList<MlflowTag> Params, IReadOnlyList<MlflowTag> Tags);

internal sealed record MlflowRun(MlflowRunInfo Info, MlflowRunData Data);

internal sealed record CreateExperiment(string? Name, string? ArtifactLocation, IReadOnlyList<MlflowTag>? Tags);

internal sealed record SearchExperiments(string? Filter, int? MaxResults, string? PageToken, string? ViewType);

internal sealed record SetExperimentTag(string? ExperimentId, string? Key, string? Value);

internal sealed record CreateRun(string? ExperimentId, string? UserId, string? RunName, long? StartTime, IReadOnlyList<MlflowTag>? Tags);

internal sealed record UpdateRun(string? RunId, string? RunUuid, string? Status, long? EndTime, string? RunName);

internal sealed record SearchRuns(IReadOnlyList<string>? ExperimentIds, string? Filter, int? MaxResults, string? PageToken, IReadOnlyList<string>? OrderBy, string? RunViewType);

internal sealed record LogMetric(string? RunId, string? RunUuid, string? Key, double? Value, long? Timestamp, long? Step);

internal sealed record LogParameter(string? RunId, string? RunUuid, string? Key, string? Value);

internal sealed record LogBatch(string? RunId, IReadOnlyList<MlflowMetric>? Metrics, IReadOnlyList<MlflowTag>? Params, IReadOnlyList<MlflowTag>? Tags);

internal sealed record DeleteTag(string? RunId, string? Key);

internal sealed record LogInputs(string? RunId, IReadOnlyList<MlflowDatasetInput>? Datasets);

internal sealed record MlflowDatasetInput(MlflowDataset? Dataset);

internal sealed record MlflowDataset(string? Name, string? Digest);

internal sealed record LogModel(string? RunId, string? ArtifactPath);

/// <summary>A refusal in the protocol's own terms.</summary>
/// <param name="code">One of MLflow's error codes, such as <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
internal sealed class MlflowException(string code, int status, string message) : Exception(message)
{
    public string Code => code;

    public int Status => status;

    public static MlflowException Missing(string message) => new("RESOURCE_DOES_NOT_EXIST", StatusCodes.Status404NotFound, message);

    public static MlflowException Invalid(string message) => new("INVALID_PARAMETER_VALUE", StatusCodes.Status400BadRequest, message);

    public static MlflowException Exists(string message) => new("RESOURCE_ALREADY_EXISTS", StatusCodes.Status400BadRequest, message);
}
