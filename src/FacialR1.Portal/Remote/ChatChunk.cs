using System.Text.Json;

namespace FacialR1.Portal.Remote;

/// <summary>A token that could have been written at some place, with its probability.</summary>
/// <param name="Text">The token; of several bytes that are no whole character it may be any.</param>
/// <param name="LogProbability">Natural logarithm.</param>
internal readonly record struct CandidateToken(string Text, double LogProbability);

/// <summary>The token that was written at some place, and the likeliest ones there.</summary>
internal sealed record WrittenToken(CandidateToken Written, IReadOnlyList<CandidateToken> Likeliest);

/// <summary>One event of a streamed completion, or a whole completion of a server that does not stream.</summary>
internal sealed record ChatChunk
{
    public string Text { get; init; } = "";

    /// <summary>Reasoning that the server has already cut out of the answer (vLLM and SGLang with a reasoning parser, llama.cpp).</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>stop, length, content_filter, …; null while the answer goes on.</summary>
    public string? FinishReason { get; init; }
    public string? Model { get; init; }
    public string? Fingerprint { get; init; }
    public int? PromptTokens { get; init; }
    public int? AnswerTokens { get; init; }
    public IReadOnlyList<WrittenToken> Tokens { get; init; } = [];

    /// <summary>An error that the server found after it had begun.</summary>
    public string? Error { get; init; }

    public bool HasText => Text.Length > 0 || Reasoning.Length > 0;

    /// <exception cref="JsonException">No JSON object, or values of other types than the interface has.</exception>
    public static ChatChunk Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    private static ChatChunk Read(JsonElement root)
    {
        if (Member(root, "error") is { } error) return new ChatChunk { Error = ServerProblem.MessageOf(error) ?? "an error without a message" };
        var usage = Member(root, "usage");
        var chunk = new ChatChunk
        {
            Model = Member(root, "model")?.GetString(), Fingerprint = Member(root, "system_fingerprint")?.GetString(),
            PromptTokens = usage is { } spent ? Member(spent, "prompt_tokens")?.GetInt32() : null,
            AnswerTokens = usage is { } also ? Member(also, "completion_tokens")?.GetInt32() : null,
        };
        if (Member(root, "choices") is not { } choices)
            return usage is not null ? chunk : throw new JsonException("It has neither choices nor usage.");
        if (choices.GetArrayLength() == 0) return chunk;

        var choice = choices[0];
        var words = Member(choice, "delta") ?? Member(choice, "message");
        return chunk with
        {
            Text = words is { } message ? Member(message, "content")?.GetString() ?? "" : "",
            Reasoning = words is { } thought ? (Member(thought, "reasoning_content") ?? Member(thought, "reasoning"))?.GetString() ?? "" : "",
            FinishReason = Member(choice, "finish_reason")?.GetString(),
            Tokens = Member(choice, "logprobs") is { } shares && Member(shares, "content") is { } tokens ? [.. tokens.EnumerateArray().Select(ReadToken)] : [],
        };
    }

    private static WrittenToken ReadToken(JsonElement token) =>
        new(ReadCandidate(token), Member(token, "top_logprobs") is { } likeliest ? [.. likeliest.EnumerateArray().Select(ReadCandidate)] : []);

    private static CandidateToken ReadCandidate(JsonElement token) =>
        new(Member(token, "token")?.GetString() ?? "", Member(token, "logprob")?.GetDouble() ?? double.NegativeInfinity);

    /// <summary>Null also where the value is null: servers write both.</summary>
    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
