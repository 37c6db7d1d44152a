using FacialR1.Analysis;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>One prompt and the answers wanted for it.</summary>
/// <param name="PromptIds">With one placeholder per visual token.</param>
/// <param name="Images">In the order of their placeholders.</param>
/// <param name="Answers">One answer is written per entry; the prompt is read once for all of them.</param>
public sealed record GenerationRequest(IReadOnlyList<int> PromptIds, IReadOnlyList<ImagePatches> Images, IReadOnlyList<DecodingOptions> Answers)
{
    /// <summary>Tokens of the answer that are given: writing goes on behind them. Emotions are not scored at an answer tag that lies in here.</summary>
    public IReadOnlyList<int> Beginning { get; init; } = [];
}
