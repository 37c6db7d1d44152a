using System.ComponentModel.DataAnnotations;

namespace FacialR1.Portal.Configuration;

/// <summary>Where the portal keeps things. A relative path starts at the folder that holds <c>appsettings.json</c>.</summary>
public sealed record PathOptions
{
    public const string Section = "Paths";

    /// <summary>One folder per checkpoint, each with <c>config.json</c>, <c>model.safetensors</c> and <c>model-card.md</c>.</summary>
    [Required] public string Checkpoints { get; init; } = "data/checkpoints";

    /// <summary>Weights of the face detector.</summary>
    [Required] public string Models { get; init; } = "data/models";

    /// <summary>The editable tables behind the alignment of action units and emotions.</summary>
    [Required] public string Alignment { get; init; } = "data/alignment";

    /// <summary>Pictures a visitor can try, listed in <c>samples.json</c>.</summary>
    [Required] public string Samples { get; init; } = "data/samples";

    /// <summary>Imported benchmarks, a folder each.</summary>
    [Required] public string Benchmarks { get; init; } = "data/benchmarks";

    /// <summary>Answers of checkpoints to benchmarks, a file each, as <c>evaluate --out</c> writes them.</summary>
    [Required] public string Evaluations { get; init; } = "data/evaluations";

    /// <summary>Stored pictures, named after the SHA-256 of their content.</summary>
    [Required] public string Uploads { get; init; } = "data/uploads";

    /// <summary>The SQLite file.</summary>
    [Required] public string Database { get; init; } = "data/portal.db";

    /// <summary>One folder per training run, each with <c>run.json</c> and <c>events.jsonl</c>.</summary>
    [Required] public string Runs { get; init; } = "data/runs";

    /// <summary>Where a checkpoint from elsewhere is put to be checked before it joins the others.</summary>
    [Required] public string Imports { get; init; } = "data/imports";

    /// <summary>Things that can be made again: thumbnails, keys of session cookies.</summary>
    [Required] public string Cache { get; init; } = "data/cache";
}
