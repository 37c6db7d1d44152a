using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Training.Evaluation;

/// <summary>The first line of a result file: everything that decides what the lines below it say.</summary>
public sealed record ResultHeader
{
    public const string KindName = "evaluation";
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Tells a result file from other JSONL.</summary>
    public string Kind { get; init; } = KindName;

    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The model as tables call it.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the checkpoint; null for a model behind a server.</summary>
    public string? CheckpointSha256 { get; init; }

    /// <summary>Host and port of the server behind which the model is; null for a checkpoint on this machine.</summary>
    public string? Server { get; init; }

    /// <summary>The model as that server calls it; null for a checkpoint on this machine.</summary>
    public string? ServerModel { get; init; }

    /// <summary>"fer-au/val".</summary>
    public required string Benchmark { get; init; }

    /// <summary>SHA-256 of the benchmark's files.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>Samples that were to be answered.</summary>
    public required int Samples { get; init; }

    /// <summary>SHA-256 of their ids.</summary>
    public required string SampleIdsSha256 { get; init; }

    /// <summary>Codes of the units that the benchmark annotates.</summary>
    public required IReadOnlyList<string> ActionUnits { get; init; }

    /// <summary>What people must know about the labels.</summary>
    public required string LabelNote { get; init; }

    /// <summary>Id of the prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>How tokens were chosen, seed included.</summary>
    public required DecodingOptions Decoding { get; init; }

    /// <summary>The parser that read the answers while the file was written; they are read again whenever the file is.</summary>
    public string Parser { get; init; } = ReasoningParser.Version;

    /// <summary>The table of emotion words.</summary>
    public string Synonyms { get; init; } = Emotions.SynonymsVersion;

    /// <summary>The definitions of the measures.</summary>
    public string Measures { get; init; } = ComparisonMeasure.Version;

    /// <summary>By which protocol the evaluation was asked for ("paper"); null for ours. Not part of what decides the answers: they can be read by any.</summary>
    public string? Protocol { get; init; }

    /// <summary>When the first sample was asked; not part of what decides the answers.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Whether answers under both headers answer the same question, whatever the model is called.</summary>
    public bool AsksTheSameAs(ResultHeader other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (other with { Model = Model }).DifferenceTo(this) is null;
    }

    /// <summary>Eight digits that differ between evaluations that differ, for file names.</summary>
    public string ShortId() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((this with { Started = null, Protocol = null }).ToLine())))[..8];

    /// <summary>Reads a header from the first line of a result file.</summary>
    /// <exception cref="JsonException">Not a header.</exception>
    public static ResultHeader Parse(string line) => FromLine(line);

    internal string ToLine() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">Not a header.</exception>
    internal static ResultHeader FromLine(string line) => JsonSerializer.Deserialize<ResultHeader>(line, Json) ?? throw new JsonException("The line is empty.");

    /// <summary>The first thing in which two headers differ, as "name: this / that"; null when answers of both belong together.</summary>
    internal string? DifferenceTo(ResultHeader other)
    {
        JsonObject Of(ResultHeader header) => JsonSerializer.SerializeToNode(header with { Started = null, Protocol = null }, Json)!.AsObject();
        var (mine, theirs) = (Of(this), Of(other));
        foreach (var name in mine.Select(row => row.Key).Union(theirs.Select(row => row.Key)))
            if (!JsonNode.DeepEquals(mine[name], theirs[name])) return $"{name}: {mine[name]?.ToJsonString() ?? "none"} / {theirs[name]?.ToJsonString() ?? "none"}";
        return null;
    }
}
