using FacialR1.Analysis;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Inference.Probes;

internal static class ProbedWriting
{
    /// <summary>Lets the model write on to its end, with the likeliest words only, so that the change alone makes the difference.</summary>
    public static async Task<ProbedText> WriteOnAsync(this ProbedAnswer subject, RgbImage face, string beginning, CancellationToken cancellationToken)
    {
        var decoding = DecodingOptions.Greedy with { MaxTokens = subject.Analysis.Decoding.MaxTokens };
        await foreach (var update in subject.Model.ContinueAsync(face, beginning, decoding, cancellationToken))
            if (update is AnswerFinished end) return new ProbedText(beginning, end.Text, end.EmotionProbabilities.ToDictionary(entry => entry.Key, entry => Math.Round(entry.Value, 6)));
        throw new ModelUnavailableException("The model ended without finishing its answer. Try again.");
    }
}

/// <summary>Part of a way as a part of the whole.</summary>
internal sealed class ShareOf(IProgress<double> whole, double from, double to, int steps) : IProgress<int>
{
    public void Report(int value) => whole.Report(from + (to - from) * value / Math.Max(1, steps));
}
