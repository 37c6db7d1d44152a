using FacialR1.Analysis;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Probing;

/// <summary>A model whose reasons can be put to the test: given words can be scored and continued, and pixels be held responsible for them.</summary>
/// <remarks>Needs the weights. A model behind a network interface answers only, and does not implement this.</remarks>
public interface IProbedModel : IReasoningModel
{
    /// <summary>Reads forced texts, some at a time; answers that are being written go on in between.</summary>
    /// <param name="progress">How many texts are read.</param>
    /// <exception cref="ModelUnavailableException">The checkpoint cannot be used, or a text is too long for it.</exception>
    Task<IReadOnlyList<ForcedReading>> ReadAsync(IReadOnlyList<ForcedText> texts, IProgress<int>? progress, CancellationToken cancellationToken);

    /// <summary>Writes on behind a beginning, like any answer. The updates carry only what is new.</summary>
    /// <param name="beginning">A response up to somewhere before its answer; may be empty.</param>
    /// <exception cref="ModelUnavailableException">The checkpoint cannot be used, or the beginning leaves no room.</exception>
    IAsyncEnumerable<AnswerUpdate> ContinueAsync(RgbImage face, string beginning, DecodingOptions decoding, CancellationToken cancellationToken);

    /// <summary>Which pixels speak for some words of a forced text.</summary>
    /// <param name="target">The words.</param>
    /// <param name="steps">Points on the path of <see cref="IntegratedGradients"/>.</param>
    /// <param name="progress">How many steps are taken.</param>
    /// <exception cref="ModelUnavailableException">The checkpoint cannot be used, or the text is too long for it.</exception>
    Task<PatchAttribution> AttributeAsync(ForcedText text, TextSpan target, int steps, IProgress<int>? progress, CancellationToken cancellationToken);
}
