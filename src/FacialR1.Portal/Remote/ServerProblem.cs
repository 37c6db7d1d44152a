using System.Globalization;
using System.Net;
using System.Text.Json;
using FacialR1.Analysis;

namespace FacialR1.Portal.Remote;

/// <summary>Why a server gave no answer, in words for the person who asked, and whether asking again can help.</summary>
/// <param name="Message">Never holds the key.</param>
/// <param name="IsTransient">Another try may succeed.</param>
internal sealed record ServerProblem(string Message, bool IsTransient)
{
    private const int LongestQuote = 300;

    /// <summary>The pause the server asks for.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>It would answer if no probabilities were asked for.</summary>
    public bool IsAboutLogProbabilities { get; init; }

    public ModelUnavailableException ToException(Exception? cause = null) => cause is null ? new(Message) : new(Message, cause);

    /// <summary>From a response other than 200.</summary>
    /// <param name="model">The configured model.</param>
    /// <param name="name">What the model is called here, "remote:…".</param>
    /// <param name="body">What the server wrote, at most some kilobytes.</param>
    public static ServerProblem Of(HttpStatusCode status, string body, RemoteModelOptions model, string name, string host, string? key)
    {
        var said = Quote(body, key);
        var number = (int)status;
        var code = number.ToString(CultureInfo.InvariantCulture);
        if (number is >= 400 and not (401 or 403 or 429) && TellsOfPictures(body))
            return new($"{model.Model} at {host} takes no pictures{said}. Serve a vision-language model; llama.cpp also needs its --mmproj file.", IsTransient: false);
        return number switch
        {
            401 or 403 => new($"{host} refuses the key of {name} ({code}). {KeyAdvice(model, name, key)}", IsTransient: false),
            404 => new($"{host} knows no model \"{model.Model}\", or nothing answers at this path (404{said}). Check Url, which usually ends in /v1, and Model under {RemoteOptions.Section}:Models; <Url>/models lists what is served.", IsTransient: false),
            429 => new($"{host} takes no more requests at the moment (429{said}). Ask again later, or lower Concurrency and RequestsPerMinute of {name}.", IsTransient: true),
            400 or 422 when body.Contains("logprob", StringComparison.OrdinalIgnoreCase) => new($"{host} gives no token probabilities ({code}{said}).", IsTransient: true) { IsAboutLogProbabilities = true },
            400 or 413 or 422 => new($"{host} does not accept the request ({code}{said}). The picture or the longest answer may be too large for {model.Model}, or it does not take a decoding option.", IsTransient: false),
            408 or 409 or 425 or >= 500 => new($"{host} has trouble at the moment ({code}{said}). Ask again later; its own log says more.", IsTransient: true),
            >= 300 and < 400 => new($"{host} sends elsewhere ({code}), where pictures are not sent. Put the final address into Url of {name}.", IsTransient: false),
            _ => new($"{host} answered with {code}{said}, which is no chat completion. Check Url of {name}, which usually ends in /v1.", IsTransient: false),
        };
    }

    public static ServerProblem Unreachable(string host, string name, Exception error) => new(
        $"{host} cannot be reached ({Cause(error)}). Is the server running, and is Url of {name} right?", IsTransient: true);

    public static ServerProblem Silent(string host, TimeSpan timeout) => new(
        string.Create(CultureInfo.InvariantCulture, $"{host} said nothing for {timeout.TotalSeconds:0} seconds. It may be overloaded or still loading its model; raise Timeout if it is only slow."), IsTransient: true);

    public static ServerProblem NotTheProtocol(string host, string detail) => new(
        $"{host} sent something that is no chat completion ({detail}). Check that Url leads to an OpenAI-compatible server.", IsTransient: true);

    /// <summary>The text in an error object of any of the common forms; null without one.</summary>
    public static string? MessageOf(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String) return error.GetString();
        if (error.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in (string[])["error", "message", "detail"])
            if (error.TryGetProperty(name, out var inner) && MessageOf(inner) is { Length: > 0 } message) return message;
        return null;
    }

    private static string Quote(string body, string? key)
    {
        var text = body;
        try
        {
            using var document = JsonDocument.Parse(body);
            text = MessageOf(document.RootElement) ?? body;
        }
        catch (JsonException) { }   // plain text or a web page

        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.Length == 0 || text.StartsWith('<')) return "";
        if (key is not null) text = text.Replace(key, "…", StringComparison.Ordinal);
        return $": \"{(text.Length > LongestQuote ? text[..LongestQuote] + "…" : text)}\"";
    }

    // vLLM: "… is not a multimodal model"; llama.cpp: "image input is not supported … mmproj"; OpenAI: "image_url is only supported by certain models".
    private static bool TellsOfPictures(string body) =>
        body.Contains("not a multimodal model", StringComparison.OrdinalIgnoreCase) ||
        body.Contains("image input is not supported", StringComparison.OrdinalIgnoreCase) ||
        body.Contains("mmproj", StringComparison.OrdinalIgnoreCase) ||
        (body.Contains("image", StringComparison.OrdinalIgnoreCase) && body.Contains("support", StringComparison.OrdinalIgnoreCase)
            && (body.Contains("not ", StringComparison.OrdinalIgnoreCase) || body.Contains("n't", StringComparison.OrdinalIgnoreCase) || body.Contains("only", StringComparison.OrdinalIgnoreCase)));

    private static string KeyAdvice(RemoteModelOptions model, string name, string? key) => (key, model.KeyVariable) switch
    {
        (null, { Length: > 0 } variable) => $"The environment variable {variable}, which should hold it, is empty.",
        (null, _) => $"None is configured: name the environment variable that holds it in KeyVariable of {name}.",
        (_, { Length: > 0 } variable) => $"Check the environment variable {variable}.",
        _ => "Check the configured Key.",
    };

    private static string Cause(Exception error) => error.InnerException is System.Net.Sockets.SocketException socket ? socket.Message : error.Message;
}
