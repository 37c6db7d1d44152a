using System.Buffers;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Cuts text at added tokens: leftmost first, and the longest of those that start at the same place.</summary>
internal sealed class AddedTokenSplitter
{
    private readonly AddedToken[] longestFirst;
    private readonly SearchValues<string> contents;

    public AddedTokenSplitter(IEnumerable<AddedToken> tokens)
    {
        longestFirst = [.. tokens.OrderByDescending(token => token.Content.Length)];
        contents = SearchValues.Create(longestFirst.Select(token => token.Content).ToArray(), StringComparison.Ordinal);
    }

    /// <summary>Calls <paramref name="onText"/> for each stretch of plain text and <paramref name="onToken"/> for each token, from left to right.</summary>
    public void Split(string text, Action<string> onText, Action<int> onToken)
    {
        var position = 0;
        while (position < text.Length)
        {
            var found = text.AsSpan(position).IndexOfAny(contents);
            if (found != 0) onText(found < 0 ? text[position..] : text.Substring(position, found));
            if (found < 0) return;

            position += found;
            var token = longestFirst.First(candidate => string.CompareOrdinal(text, position, candidate.Content, 0, candidate.Content.Length) == 0);
            onToken(token.Id);
            position += token.Content.Length;
        }
    }
}
