using System.Buffers;
using System.Text;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Byte-level byte-pair encoding: text to ids and back, without loss.</summary>
/// <remarks>
/// Text is cut at added tokens, brought to Normalization Form C, cut into words by the pattern of the file and merged as learned
/// (Radford et al. 2019, section 2.2). Immutable and safe to share between threads.
/// </remarks>
public sealed class Tokenizer
{
    private readonly TokenizerDefinition definition;
    private readonly PreTokenPattern pattern;
    private readonly BytePairMerges merges;
    private readonly byte[]?[] bytesOfId;
    private readonly Dictionary<string, int> idOfAdded;
    private readonly HashSet<int> specialIds;
    private readonly AddedTokenSplitter beforeNormalizing, afterNormalizing, plainBeforeNormalizing, plainAfterNormalizing;

    /// <param name="source">Where the definition comes from, for messages.</param>
    internal Tokenizer(TokenizerDefinition definition, string source)
    {
        this.definition = definition;
        pattern = ReadPattern(definition.Pattern, source);
        bytesOfId = CollectBytes(definition, source);
        merges = new BytePairMerges(FindByteIds(definition, source), ResolveMerges(definition, source));
        idOfAdded = definition.AddedTokens.ToDictionary(token => token.Content, token => token.Id);
        specialIds = [.. definition.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Id)];

        var tokens = definition.AddedTokens;
        beforeNormalizing = new AddedTokenSplitter(tokens.Where(token => !token.IsNormalized));
        afterNormalizing = new AddedTokenSplitter(tokens.Where(token => token.IsNormalized));
        plainBeforeNormalizing = new AddedTokenSplitter(tokens.Where(token => !token.IsNormalized && !token.IsSpecial));
        plainAfterNormalizing = new AddedTokenSplitter(tokens.Where(token => token.IsNormalized && !token.IsSpecial));
    }

    /// <summary>One more than the highest id. A model's output may be wider: its further rows have no token.</summary>
    public int VocabularySize => bytesOfId.Length;

    /// <summary>The added tokens in the order of the file.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => definition.AddedTokens;

    /// <summary>Reads a Hugging Face <c>tokenizer.json</c>.</summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or describes another kind of tokenizer; the message names the entry and what was expected.</exception>
    public static Tokenizer Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, TokenizerFile.Name) : path;
        return new Tokenizer(TokenizerFile.Read(file), file);
    }

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> (with the Qwen chat template) for this and other tools.</summary>
    /// <param name="folder">Created if it is missing.</param>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        TokenizerFile.Write(definition, folder);
    }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; a lone surrogate is read as U+FFFD, because it has no UTF-8 form.</param>
    /// <param name="allowSpecial">
    /// Whether special tokens written out in the text are taken as such. False for text of unknown origin, which could otherwise end its turn
    /// and speak as the model. Added tokens that are not special (such as <c>&lt;think&gt;</c>) are recognised either way.
    /// </param>
    public int[] Encode(string text, bool allowSpecial = true)
    {
        var ids = new List<int>(text.Length / 3 + 4);
        var (outer, inner) = allowSpecial ? (beforeNormalizing, afterNormalizing) : (plainBeforeNormalizing, plainAfterNormalizing);
        outer.Split(
            text,
            stretch => inner.Split(definition.Normalizes ? CanonicalComposition.Compose(stretch) : stretch, plain => EncodePlain(plain, ids), ids.Add),
            ids.Add);
        return [.. ids];
    }

    /// <summary>The text of ids. Bytes that form no character (an answer cut inside one) become U+FFFD.</summary>
    /// <param name="skipSpecial">Whether special tokens leave no trace in the text.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id has no token.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = false)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
            if (!skipSpecial || !IsSpecial(id)) bytes.Write(TokenBytes(id));
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The UTF-8 bytes of one token: possibly only a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id has no token.</exception>
    public ReadOnlySpan<byte> TokenBytes(int id)
    {
        if (HasToken(id)) return bytesOfId[id];
        throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary has {VocabularySize} ids and none of them is {id}.");
    }

    /// <summary>Where each token begins in the UTF-8 bytes of what <see cref="Decode"/> gives, and behind them where the last one ends: one number more than ids.</summary>
    /// <param name="skipSpecial">As in <see cref="Decode"/>: special tokens then have no length.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id has no token.</exception>
    public int[] ByteOffsets(IReadOnlyList<int> ids, bool skipSpecial = false)
    {
        var offsets = new int[ids.Count + 1];
        foreach (var (index, id) in ids.Index()) offsets[index + 1] = offsets[index] + (skipSpecial && IsSpecial(id) ? 0 : TokenBytes(id).Length);
        return offsets;
    }

    /// <summary>Whether the id stands for anything: a model's output may have more rows than the vocabulary has tokens.</summary>
    public bool HasToken(int id) => id >= 0 && id < bytesOfId.Length && bytesOfId[id] is not null;

    /// <summary>Whether the id is a special added token.</summary>
    public bool IsSpecial(int id) => specialIds.Contains(id);

    /// <summary>The id of an added token.</summary>
    /// <exception cref="KeyNotFoundException">The tokenizer has no such added token.</exception>
    public int IdOf(string addedToken) => TryIdOf(addedToken)
        ?? throw new KeyNotFoundException($"The tokenizer has no added token '{addedToken}'. It has: {string.Join(" ", idOfAdded.Keys)}.");

    /// <summary>The id of an added token, or null.</summary>
    public int? TryIdOf(string addedToken) => idOfAdded.TryGetValue(addedToken, out var id) ? id : null;

    private void EncodePlain(string text, List<int> ids)
    {
        // A piece of one character takes at most three bytes per UTF-16 unit.
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(Math.Min(text.Length, 256)));
        try
        {
            foreach (var piece in pattern.Split(text))
            {
                var units = text.AsSpan(piece);
                var needed = Encoding.UTF8.GetByteCount(units);
                if (needed > buffer.Length)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(needed);
                }
                merges.Encode(buffer.AsSpan(0, Encoding.UTF8.GetBytes(units, buffer)), ids);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static PreTokenPattern ReadPattern(string pattern, string source)
    {
        try
        {
            return new PreTokenPattern(pattern);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"'{source}': the pre-token pattern is not a regular expression that can be read here ({error.Message}).", error);
        }
    }

    private static byte[]?[] CollectBytes(TokenizerDefinition definition, string source)
    {
        var highest = definition.Vocabulary.Values.Concat(definition.AddedTokens.Select(token => token.Id)).DefaultIfEmpty(-1).Max();
        var bytes = new byte[]?[highest + 1];
        foreach (var (token, id) in definition.Vocabulary)
        {
            if (id < 0 || bytes[id] is not null)
                throw new InvalidDataException($"'{source}': token '{token}' has the id {id}, which is {(id < 0 ? "negative" : "taken by another token")}.");
            bytes[id] = ByteLevelAlphabet.Read(token)
                ?? throw new InvalidDataException($"'{source}': token '{token}' (id {id}) contains a character that stands for no byte; expected a byte-level vocabulary.");
        }
        foreach (var token in definition.AddedTokens)
        {
            if (token.Id < 0) throw new InvalidDataException($"'{source}': added token '{token.Content}' has the negative id {token.Id}.");
            bytes[token.Id] = Encoding.UTF8.GetBytes(token.Content);   // an added token may also stand in the vocabulary: its text counts
        }
        return bytes;
    }

    private static int[] FindByteIds(TokenizerDefinition definition, string source)
    {
        var ids = new int[256];
        for (var b = 0; b < 256; b++)
        {
            if (!definition.Vocabulary.TryGetValue(ByteLevelAlphabet.Write([(byte)b]), out ids[b]))
                throw new InvalidDataException($"'{source}': byte 0x{b:X2} is not in the vocabulary; a byte-level vocabulary has all 256.");
        }
        return ids;
    }

    private static List<(int, int, int)> ResolveMerges(TokenizerDefinition definition, string source)
    {
        var resolved = new List<(int, int, int)>(definition.Merges.Count);
        foreach (var (left, right) in definition.Merges) resolved.Add((IdOf(left), IdOf(right), IdOf(left + right)));
        return resolved;

        int IdOf(string token) => definition.Vocabulary.TryGetValue(token, out var id)
            ? id
            : throw new InvalidDataException($"'{source}': merge {resolved.Count} speaks of '{token}', which is not in the vocabulary.");
    }
}
