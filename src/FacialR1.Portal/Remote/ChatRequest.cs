using System.Text.Json.Nodes;
using FacialR1.Analysis;

namespace FacialR1.Portal.Remote;

/// <summary>A question about a picture in the words of the chat completions interface.</summary>
internal static class ChatRequest
{
    /// <param name="options">Of the model.</param>
    /// <param name="question">The text beside the picture.</param>
    /// <param name="request">Picture and decoding.</param>
    /// <param name="logProbabilities">Whether to ask for the likeliest tokens.</param>
    /// <exception cref="ModelUnavailableException">A decoding option that the server does not take, or a picture in a format that such servers do not read.</exception>
    public static JsonObject Of(RemoteModelOptions options, string question, AnalysisRequest request, bool logProbabilities)
    {
        var decoding = request.Decoding;
        var body = new JsonObject
        {
            ["model"] = options.Model,
            // The picture goes first, as in the chat template the models were trained with.
            ["messages"] = new JsonArray(new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = DataUrl(request.Image.Span) } },
                    new JsonObject { ["type"] = "text", ["text"] = question }),
            }),
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
            ["temperature"] = decoding.Temperature,
            ["top_p"] = decoding.TopP,
            ["seed"] = decoding.Seed,
            ["max_tokens"] = decoding.MaxTokens,
        };
        if (logProbabilities) (body["logprobs"], body["top_logprobs"]) = (true, options.TopLogProbabilities);

        var isExtended = decoding.TopK > 0 || decoding.RepetitionPenalty != 1 || decoding.MinTokens > 0;
        if (isExtended && !options.TakesExtendedSampling)
            throw new ModelUnavailableException($"{options.Model} is configured as a model that takes neither top-k nor a repetition penalty. Set top-k to 0 and the penalty to 1.");
        if (decoding.TopK > 0) body["top_k"] = decoding.TopK;
        if (decoding.RepetitionPenalty != 1) (body["repetition_penalty"], body["repeat_penalty"]) = (decoding.RepetitionPenalty, decoding.RepetitionPenalty);   // llama.cpp has the second name
        if (decoding.MinTokens > 0) body["min_tokens"] = decoding.MinTokens;
        return body;
    }

    private static string DataUrl(ReadOnlySpan<byte> image)
    {
        var type = image switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
            _ => throw new ModelUnavailableException("Only JPEG, PNG and WebP pictures can be sent to a server."),
        };
        return $"data:{type};base64,{Convert.ToBase64String(image)}";
    }
}
