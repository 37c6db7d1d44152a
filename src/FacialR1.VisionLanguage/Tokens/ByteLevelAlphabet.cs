namespace FacialR1.VisionLanguage.Tokens;

/// <summary>The 256 visible characters that stand for bytes in a byte-level vocabulary (GPT-2's mapping).</summary>
/// <remarks>Bytes that are visible in Latin-1 stand for themselves; the other 68 take the characters from U+0100 on, so a space is "Ġ".</remarks>
internal static class ByteLevelAlphabet
{
    private static readonly char[] CharOfByte = BuildChars();
    private static readonly short[] ByteOfChar = BuildBytes();

    /// <summary>All bytes in the order of their characters: the order of the first 256 ids of GPT-2's and Qwen's vocabularies.</summary>
    public static IEnumerable<byte> BytesInVocabularyOrder => Enumerable.Range(0, 256).Select(b => (byte)b).OrderBy(b => CharOfByte[b]);

    /// <summary>Writes bytes as they stand in a vocabulary.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        Span<char> chars = bytes.Length <= 256 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++) chars[i] = CharOfByte[bytes[i]];
        return new string(chars);
    }

    /// <summary>Reads a vocabulary entry back; null when a character stands for no byte.</summary>
    public static byte[]? Read(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] >= ByteOfChar.Length || ByteOfChar[token[i]] < 0) return null;
            bytes[i] = (byte)ByteOfChar[token[i]];
        }
        return bytes;
    }

    private static char[] BuildChars()
    {
        var chars = new char[256];
        var next = '\u0100';
        for (var b = 0; b < 256; b++) chars[b] = IsVisible(b) ? (char)b : next++;
        return chars;
    }

    private static bool IsVisible(int b) => b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;

    private static short[] BuildBytes()
    {
        var bytes = new short[CharOfByte.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++) bytes[CharOfByte[b]] = (short)b;
        return bytes;
    }
}
