using CsCheck;

namespace FacialR1.VisionLanguage.Tests.Tokens;

/// <summary>Generates text of every script, with marks, emoji, control characters and, where asked for, lone surrogates.</summary>
internal static class AnyText
{
    private static readonly Gen<string> Letters = Gen.Int[0x20, 0x7E].Select(char.ConvertFromUtf32);
    private static readonly Gen<string> Marks = Gen.Int[0x300, 0x36F].Select(char.ConvertFromUtf32);
    private static readonly Gen<string> Jamo = Gen.Int[0x1100, 0x11FF].Select(char.ConvertFromUtf32);
    private static readonly Gen<string> AnyCodePoint = Gen.OneOf(Gen.Int[0, 0xD7FF], Gen.Int[0xE000, 0x2FFFF], Gen.Int[0xE0000, 0x10FFFF]).Select(char.ConvertFromUtf32);
    private static readonly Gen<string> Spaces = OneOf(" ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u2028", "\u3000");
    private static readonly Gen<string> Snippets = OneOf("'s", "'LL", "AU12", "👩‍👩‍👧", "🏳️‍🌈", "𝒜", "<", "|>", "im_end");

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    public static Gen<string> WellFormed { get; } = Gen.OneOf(Letters, Letters, Marks, Jamo, AnyCodePoint, Spaces, Snippets).Array[0, 40].Select(string.Concat);

    public static Gen<string> Any { get; } =
        Gen.OneOf(Letters, Marks, AnyCodePoint, Spaces, Gen.Char['\uD800', '\uDFFF'].Select(unit => unit.ToString())).Array[0, 40].Select(string.Concat);
}
