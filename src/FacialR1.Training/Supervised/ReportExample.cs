using System.Text;
using System.Text.RegularExpressions;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Supervised;

/// <summary>A composed response as tokens, with what each token weighs in the loss and where the emotion is decided.</summary>
/// <param name="Ids">Response tokens and the end of the turn.</param>
/// <param name="Weights">One per token.</param>
/// <param name="EmotionPlaces">Indexes of the tokens that are the emotion's noun: in the conclusion and in the answer.</param>
public sealed partial record ReportExample(int[] Ids, float[] Weights, int[] EmotionPlaces)
{
    /// <summary>Composes a report in fresh words and weighs it: tokens that decide whether an AU is named weigh as <paramref name="unitWeights"/> says.</summary>
    /// <remarks>A weight above 1 moves the decision boundary of an AU below probability one half, where its F1 is best (half of the reachable F1; Lipton et al. 2014).</remarks>
    public static ReportExample Of(FaceSample sample, Tokenizer tokenizer, IReadOnlyDictionary<int, float> unitWeights, ulong seed)
    {
        var (units, emotion) = (sample.ActionUnits!, sample.Emotion!.Value);
        var text = ReportComposer.Compose(units, emotion, seed);
        var example = OfText(text, emotion, tokenizer, unitWeights);
        return example.EmotionPlaces.Length == 2 ? example : throw new InvalidOperationException(
            $"'{emotion.Name()}' should be one token in the conclusion and one in the answer; {example.EmotionPlaces.Length} were found in: {text}");
    }

    /// <summary>Weighs a response that is already there, such as one a model wrote.</summary>
    /// <param name="text">The whole response.</param>
    /// <param name="emotion">What it answers; null where nobody says, then it has no places.</param>
    /// <returns><see cref="EmotionPlaces"/> are all places of the noun behind the last AU code; how many depends on the text.</returns>
    public static ReportExample OfText(string text, Emotion? emotion, Tokenizer tokenizer, IReadOnlyDictionary<int, float> unitWeights)
    {
        var response = tokenizer.Encode(text, allowSpecial: false);
        int[] ids = [.. response, tokenizer.IdOf(QwenTokens.TurnEnd)];

        var starts = tokenizer.ByteOffsets(response);
        var weights = new float[ids.Length];
        Array.Fill(weights, 1f);
        var from = 0;
        foreach (Match code in CodePattern().Matches(text))
        {
            var weight = unitWeights.GetValueOrDefault(int.Parse(code.Groups[1].ValueSpan, provider: null), 1f);
            var place = Encoding.UTF8.GetByteCount(text.AsSpan(0, code.Index));
            for (var index = 0; index < response.Length; index++)
                if (starts[index] >= from && starts[index] < place) weights[index] = weight;
            from = place + code.Length;   // a code is ASCII
        }

        int[] places = emotion is not { } answered ? []
            : [.. Enumerable.Range(0, response.Length).Where(index => starts[index] >= from && tokenizer.Decode([ids[index]]).Trim() == answered.Name())];
        return new ReportExample(ids, weights, places);
    }

    /// <summary>The same with another weight for the emotion's noun.</summary>
    public ReportExample WithEmotionWeight(float weight)
    {
        float[] weights = [.. Weights];
        foreach (var place in EmotionPlaces) weights[place] = weight;
        return this with { Weights = weights };
    }

    [GeneratedRegex(@"\(AU([0-9]{1,4})\)")]
    private static partial Regex CodePattern();
}
