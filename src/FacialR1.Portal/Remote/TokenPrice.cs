namespace FacialR1.Portal.Remote;

/// <summary>What answers cost, by the configured prices of a million tokens.</summary>
public static class TokenPrice
{
    private const decimal Million = 1_000_000;

    public static bool IsKnown(RemoteModelOptions model) => model.PromptPrice is not null || model.AnswerPrice is not null;

    /// <param name="promptTokens">As the server counted them; null when it did not say.</param>
    /// <param name="answerTokens">As the server counted them; null when it did not say.</param>
    /// <returns>In <see cref="RemoteModelOptions.Currency"/>; null without prices or counts.</returns>
    public static decimal? Cost(RemoteModelOptions model, int? promptTokens, int? answerTokens) =>
        IsKnown(model) && promptTokens is { } prompt && answerTokens is { } answer
            ? ((model.PromptPrice ?? 0) * prompt + (model.AnswerPrice ?? 0) * answer) / Million : null;
}
