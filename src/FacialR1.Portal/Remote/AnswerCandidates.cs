using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Portal.Remote;

/// <summary>How likely a model behind a server thought each emotion at its answer, from the likeliest tokens that the server lists there.</summary>
/// <remarks>
/// A token counts for the emotion whose name (or synonym) it is or begins. Where the written token begins several names ("s"), the ones that follow it
/// decide, each weighed by the probability of the way there; an unwritten token that begins several counts for none. Emotions that are not among the
/// listed tokens get 0. The shares are normalised over the list, so they are a little too sure where the list is short.
/// </remarks>
internal static class AnswerCandidates
{
    /// <returns>Summing to 1; empty when no answer was reached or no listed token begins an emotion.</returns>
    public static IReadOnlyDictionary<Emotion, double> Score(IReadOnlyList<WrittenToken> tokens)
    {
        var watcher = new AnswerTagWatcher();
        for (var at = 0; at < tokens.Count; at++)
        {
            var bytes = Encoding.UTF8.GetBytes(tokens[at].Written.Text);
            if (!watcher.Push(bytes, out var used)) continue;
            // A vocabulary may cut across the tag (">anger"): then the choice was made within this token, among those that complete the tag as well.
            return used == bytes.Length ? Score(tokens, at + 1, "") : Score(tokens, at, Encoding.UTF8.GetString(bytes, 0, used));
        }
        return new Dictionary<Emotion, double>();
    }

    private static Dictionary<Emotion, double> Score(IReadOnlyList<WrittenToken> tokens, int at, string tagEnd)
    {
        var shares = new Dictionary<Emotion, double>();
        for (var (word, weight) = ("", 1.0); at < tokens.Count; at++, tagEnd = "")
        {
            var written = tokens[at].Written;
            foreach (var other in tokens[at].Likeliest)
                if (other.Text != written.Text && other.Text.StartsWith(tagEnd, StringComparison.Ordinal))
                    Count(Begun(word + other.Text[tagEnd.Length..]), weight * Math.Exp(other.LogProbability));

            word += written.Text[tagEnd.Length..];
            weight *= Math.Exp(written.LogProbability);
            if (Begun(word) is { Count: > 1 }) continue;   // nothing but white space yet, or the beginning of several names
            Count(Begun(word), weight);
            break;
        }

        var sum = shares.Values.Sum();
        return sum > 0 ? Emotions.All.ToDictionary(emotion => emotion, emotion => shares.GetValueOrDefault(emotion) / sum) : [];

        void Count(IReadOnlyList<Emotion> begun, double share)
        {
            if (begun is [var emotion]) shares[emotion] = shares.GetValueOrDefault(emotion) + share;
        }
    }

    /// <summary>The emotions this can become.</summary>
    private static IReadOnlyList<Emotion> Begun(string text)
    {
        var word = text.TrimStart();
        var end = word.IndexOf('<', StringComparison.Ordinal);
        if (end >= 0) word = word[..end];   // "</answer>" in the same token
        if (Emotions.TryParse(word, out var said)) return [said];
        return end >= 0 ? [] : [.. Emotions.All.Where(emotion => emotion.Name().StartsWith(word.TrimEnd(), StringComparison.OrdinalIgnoreCase))];
    }
}
