using FacialR1.Analysis.Prompts;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Remote;

/// <summary>The models behind servers, by the name they get here: <c>qwen-3b</c> is asked for as <c>remote:qwen-3b</c>. See docs/remote-models.md.</summary>
public sealed record RemoteOptions
{
    public const string Section = "Remote";

    public Dictionary<string, RemoteModelOptions> Models { get; init; } = [];
}

/// <summary>One model of one OpenAI-compatible server, and how to treat it.</summary>
public sealed record RemoteModelOptions
{
    /// <summary>Address of the interface, usually ending in <c>/v1</c>; <c>chat/completions</c> is put behind it.</summary>
    public string Url { get; init; } = "";

    /// <summary>The model, as the server calls it.</summary>
    public string Model { get; init; } = "";

    /// <summary>Name of the environment variable that holds the key; goes before <see cref="Key"/>.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>The key itself, for secret stores that fill the configuration. Null and empty: the server asks for none.</summary>
    public string? Key { get; init; }

    /// <summary>Id of the prompt that is asked.</summary>
    public string Prompt { get; init; } = FacialR1Prompt.FullId;

    /// <summary>Requests that are open at a time, of all who ask.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Requests a minute, evenly spaced; 0 leaves the pace to the server.</summary>
    public double RequestsPerMinute { get; init; }

    /// <summary>The longest silence: before the first word and between two pieces of the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a request is made again that the server could not take.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>A server that asks for a longer pause is not waited for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Likeliest tokens asked for at each position, for the probabilities of the emotions; 0 asks for none.</summary>
    public int TopLogProbabilities { get; init; } = 20;

    /// <summary>Whether the server takes <c>top_k</c>, <c>repetition_penalty</c> and <c>min_tokens</c>, as vLLM and SGLang do and OpenAI does not.</summary>
    public bool TakesExtendedSampling { get; init; } = true;

    /// <summary>Price of a million tokens of picture and prompt.</summary>
    public decimal? PromptPrice { get; init; }

    /// <summary>Price of a million tokens of the answer.</summary>
    public decimal? AnswerPrice { get; init; }

    /// <summary>Currency of both prices.</summary>
    public string Currency { get; init; } = "USD";

    // A record writes out all it holds; the key must not end up in a log that way.
    public override string ToString() => $"{Model} at {Url}";

    internal string? ReadKey() =>
        KeyVariable is { Length: > 0 } variable ? Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null
        : Key is { Length: > 0 } ? Key : null;
}

/// <summary>Reports all faults of the configuration together, none of them with the key in it.</summary>
internal sealed class RemoteOptionsValidation : IValidateOptions<RemoteOptions>
{
    public ValidateOptionsResult Validate(string? name, RemoteOptions options)
    {
        var faults = options.Models.SelectMany(model => Faults(model.Key, model.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string name, RemoteModelOptions model)
    {
        var at = $"{RemoteOptions.Section}:Models:{name}";
        if (name.Length is 0 or > 60 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            yield return $"{at}: a name has letters, digits, \"-\", \"_\" and \".\" only, at most 60.";
        if (!Uri.TryCreate(model.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return $"{at}:Url must be an http or https address such as http://localhost:8000/v1.";
        else if (url.UserInfo.Length > 0 || url.Query.Length > 0)
            yield return $"{at}:Url must hold no user, password or query: give the key as {nameof(model.KeyVariable)}.";
        if (string.IsNullOrWhiteSpace(model.Model)) yield return $"{at}:Model is missing: the name under which the server serves the model.";
        if (model.Prompt is not (FacialR1Prompt.FullId or FacialR1Prompt.CompactId)) yield return $"{at}:Prompt must be {FacialR1Prompt.FullId} or {FacialR1Prompt.CompactId}.";
        if (model.Concurrency is < 1 or > 1024) yield return $"{at}:Concurrency must be 1 to 1024.";
        if (model.Retries is < 0 or > 20) yield return $"{at}:Retries must be 0 to 20.";
        if (model.RequestsPerMinute is < 0 or double.NaN) yield return $"{at}:RequestsPerMinute must be 0 (no limit of ours) or more.";
        if (model.TopLogProbabilities is < 0 or > 20) yield return $"{at}:TopLogProbabilities must be 0 to 20.";
        if (model.Timeout < TimeSpan.FromSeconds(1) || model.Timeout > TimeSpan.FromHours(1)) yield return $"{at}:Timeout must be 1 second to 1 hour.";
        if (model.LongestPause < TimeSpan.Zero || model.LongestPause > TimeSpan.FromHours(1)) yield return $"{at}:LongestPause must be 0 to 1 hour.";
        if (model.PromptPrice < 0 || model.AnswerPrice < 0) yield return $"{at}: prices cannot be negative.";
        if (model.KeyVariable is { Length: > 0 } variable && model.Key is { Length: > 0 }) yield return $"{at}: give {nameof(model.Key)} or {nameof(model.KeyVariable)} ({variable}), not both.";
    }
}
