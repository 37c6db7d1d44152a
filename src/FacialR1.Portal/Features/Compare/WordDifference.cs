namespace FacialR1.Portal.Features.Compare;

/// <summary>A run of words, and whether the other text lacks it there.</summary>
public readonly record struct TextPiece(string Text, bool IsChanged);

/// <summary>Two texts word by word, by their longest common subsequence.</summary>
/// <param name="Before">The first text in pieces; together they are the text.</param>
/// <param name="After">The second.</param>
public sealed record WordDifference(IReadOnlyList<TextPiece> Before, IReadOnlyList<TextPiece> After)
{
    private const int MostWords = 2000;   // the table grows with the square

    public static WordDifference Of(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (first, second) = (Words(before), Words(after));
        if (first.Length > MostWords || second.Length > MostWords) return new([new(before, before != after)], [new(after, before != after)]);

        var common = new int[first.Length + 1, second.Length + 1];
        for (var i = first.Length - 1; i >= 0; i--)
            for (var j = second.Length - 1; j >= 0; j--)
                common[i, j] = first[i] == second[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var (keptFirst, keptSecond) = (new bool[first.Length], new bool[second.Length]);
        for (var (i, j) = (0, 0); i < first.Length && j < second.Length;)
            if (first[i] == second[j]) keptFirst[i++] = keptSecond[j++] = true;
            else if (common[i + 1, j] >= common[i, j + 1]) i++;
            else j++;
        return new(Pieces(first, keptFirst), Pieces(second, keptSecond));
    }

    /// <summary>Words with the space before them, so that joining gives the text back.</summary>
    private static string[] Words(string text)
    {
        var words = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            words.Add(text[start..end]);
            start = end;
        }

        return [.. words];
    }

    private static List<TextPiece> Pieces(string[] words, bool[] kept)
    {
        var pieces = new List<TextPiece>();
        for (var start = 0; start < words.Length;)
        {
            var end = start;
            while (end < words.Length && kept[end] == kept[start]) end++;
            pieces.Add(new TextPiece(string.Concat(words[start..end]), !kept[start]));
            start = end;
        }

        return pieces;
    }
}
