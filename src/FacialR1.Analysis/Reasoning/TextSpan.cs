namespace FacialR1.Analysis.Reasoning;

/// <summary>A run of characters of a text.</summary>
/// <param name="Start">Index of the first UTF-16 unit.</param>
/// <param name="Length">Number of UTF-16 units; may be 0.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Index after the last unit.</summary>
    public int End => Start + Length;

    /// <summary>The span from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public static TextSpan FromBounds(int start, int end) => new(start, end - start);

    /// <summary>The words the span stands for, in the text it was made from.</summary>
    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, Length);
}
