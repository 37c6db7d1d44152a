using FacialR1.Analysis;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Generation;

/// <summary>The slow loop the fast one is measured against: no cache, no batch, the whole text read anew for every token.</summary>
internal static class NaiveGeneration
{
    public static List<TokenChoice> Write(Qwen25VlModel model, ParityAnswer prompt, DecodingOptions decoding, GenerationTokens tokens)
    {
        var sampler = new TokenSampler(decoding, tokens, prompt.PromptIds);
        List<TokenChoice> chosen = [];
        while (chosen.Count < decoding.MaxTokens && (chosen.Count == 0 || !tokens.Stop.Contains(chosen[^1].Id)))
        {
            var logits = LogitsAfter(model, prompt, [.. chosen.Select(choice => choice.Id)])[^1];
            chosen.Add(sampler.Choose(logits, LogSum(logits), new float[logits.Length]));
        }
        return chosen;
    }

    /// <summary>Scores after the prompt and after each of the given tokens: [tokens + 1][vocabulary].</summary>
    public static float[][] LogitsAfter(Qwen25VlModel model, ParityAnswer prompt, IReadOnlyList<int> written)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        int[] ids = [.. prompt.PromptIds, .. written];
        var positions = MultimodalPositions.Of(ids, [.. prompt.Images.Select(image => image.Grid)], model.Options.Tokens.Image, model.Options.Vision.MergeSize);
        var places = stack([tensor(positions.Time), tensor(positions.Height), tensor(positions.Width)]).unsqueeze(1);
        var seen = prompt.Images.Count == 0 ? null : model.Vision.Encode(
            cat([.. prompt.Images.Select(image => tensor(image.Values).view(image.Grid.Patches, image.PatchLength))]), [.. prompt.Images.Select(image => image.Grid)]);
        var hidden = model.Read(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0), places, seen);
        var logits = model.Logits(hidden[0].narrow(0, prompt.PromptIds.Count - 1, written.Count + 1));
        return [.. logits.unbind(0).Select(row => row.data<float>().ToArray())];
    }

    public static double LogSum(float[] logits)
    {
        var highest = logits.Max();
        return highest + Math.Log(logits.Sum(logit => Math.Exp(logit - highest)));
    }
}
