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

        var offsets = tokenizer.ByteOffsets(ids);
        return [.. offsets.Zip(offsets.Skip(1), (start, end) => TextSpan.FromBounds(At(start), At(end)))];

        // Composition may have changed the length of odd texts; their spans then end early and stay inside.
        int At(int place) => place < characterAt.Count ? characterAt[place] : text.Length;
    }
}
