using System.Text;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Turns ids into text as they come, in whole characters only.</summary>
/// <remarks>
/// One token may end inside a character; its bytes wait for the rest. All pieces together equal <see cref="Tokenizer.Decode"/> of all ids.
/// A character here is a code point: an emoji built from several of them may arrive in several pieces. For one stream, not thread-safe.
/// </remarks>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool skipSpecial = false)
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The text that became certain with this id; often empty, never half a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id has no token.</exception>
    public string Push(int id) => skipSpecial && tokenizer.IsSpecial(id) ? "" : Read(tokenizer.TokenBytes(id), flush: false);

    /// <summary>The end of the stream: U+FFFD if it ended inside a character, otherwise nothing. The decoder is then as new.</summary>
    public string Flush() => Read([], flush: true);

    private string Read(ReadOnlySpan<byte> bytes, bool flush)
    {
        // At most as many UTF-16 units come out as bytes go in, plus one for those that waited.
        Span<char> chars = bytes.Length < 256 ? stackalloc char[bytes.Length + 1] : new char[bytes.Length + 1];
        return new string(chars[..decoder.GetChars(bytes, chars, flush)]);
    }
}
