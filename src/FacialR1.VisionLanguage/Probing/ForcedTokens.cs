using System.Text;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Probing;

/// <summary>Which characters of a text its tokens stand for.</summary>
internal static class ForcedTokens
{
    /// <summary>One span per id. A token that ends inside a character covers it; the next one begins behind it.</summary>
    /// <param name="text">What was encoded.</param>
    /// <param name="ids">What it became.</param>
    public static TextSpan[] SpansOf(string text, IReadOnlyList<int> ids, Tokenizer tokenizer)
    {
        var characterAt = new List<int>(text.Length + 1);   // byte → the first UTF-16 unit that begins at or behind it
        for (var index = 0; index < text.Length;)
        {
            var units = char.IsSurrogatePair(text, index) ? 2 : 1;
            var bytes = Encoding.UTF8.GetByteCount(text.AsSpan(index, units));
            characterAt.Add(index);
            for (var rest = 1; rest < bytes; rest++) characterAt.Add(index + units);
            index += units;
        }

        var spans = new TextSpan[ids.Count];
        var at = 0;
        for (var index = 0; index < ids.Count; index++)
        {
            var start = At(at);
            at += tokenizer.TokenBytes(ids[index]).Length;
            spans[index] = TextSpan.FromBounds(start, At(at));
        }

        return spans;

        // Composition may have changed the length of odd texts; their spans then end early and stay inside.
        int At(int place) => place < characterAt.Count ? characterAt[place] : text.Length;
    }
}
