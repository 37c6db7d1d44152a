using System.Text;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Learns a byte-level byte-pair vocabulary from texts (Sennrich et al. 2016), for models too small for a large one.</summary>
public static class TokenizerTrainer
{
    /// <summary>The Qwen special tokens, then the four tags of the answer grammar as plain single tokens, in this order after the learned ids.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } =
    [
        QwenTokens.EndOfText, QwenTokens.TurnStart, QwenTokens.TurnEnd, QwenTokens.VisionStart, QwenTokens.VisionEnd, QwenTokens.ImagePad, QwenTokens.VideoPad,
    ];

    public static IReadOnlyList<string> AnswerTags { get; } = ["<think>", "</think>", "<answer>", "</answer>"];

    /// <summary>Learns merges until the vocabulary has the wanted size or no pair occurs often enough.</summary>
    /// <param name="texts">Read once. Added tokens in them are left out of the count.</param>
    /// <param name="vocabularySize">Ids in all: 256 bytes, the merges, and the 11 added tokens at the end.</param>
    /// <param name="minimumCount">A pair rarer than this is not worth an id.</param>
    /// <returns>The same tokenizer for the same texts in any order: equal counts are decided by the bytes of the pair.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size has no room for the bytes and the added tokens.</exception>
    public static Tokenizer Train(IEnumerable<string> texts, int vocabularySize, int minimumCount = 2)
    {
        var reserved = SpecialTokens.Count + AnswerTags.Count;
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 256 + reserved);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumCount, 1);

        var tokens = ByteLevelAlphabet.BytesInVocabularyOrder.Select(b => new[] { b }).ToList();
        var vocabulary = new Dictionary<string, int>();
        foreach (var token in tokens) vocabulary.Add(ByteLevelAlphabet.Write(token), vocabulary.Count);

        var merges = new List<(string, string)>();
        var pairs = new PairCounts(CountWords(texts), tokens);
        while (tokens.Count + reserved < vocabularySize && pairs.MostFrequent(tokens) is { } best && best.Count >= minimumCount)
        {
            var (left, right) = (ByteLevelAlphabet.Write(tokens[best.Left]), ByteLevelAlphabet.Write(tokens[best.Right]));
            // "ab" + "c" and "a" + "bc" are one token learned in two ways.
            if (vocabulary.TryAdd(left + right, tokens.Count)) tokens.Add([.. tokens[best.Left], .. tokens[best.Right]]);
            merges.Add((left, right));
            pairs.Merge(best.Left, best.Right, vocabulary[left + right]);
        }

        var added = SpecialTokens.Concat(AnswerTags)
            .Select((content, index) => new AddedToken(tokens.Count + index, content, IsSpecial: index < SpecialTokens.Count));
        return new Tokenizer(new TokenizerDefinition(vocabulary, merges, PreTokenPattern.Qwen2, Normalizes: true, [.. added]), "the trained tokenizer");
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts)
    {
        var pattern = new PreTokenPattern(PreTokenPattern.Qwen2);
        var splitter = new AddedTokenSplitter(SpecialTokens.Concat(AnswerTags).Select(content => new AddedToken(0, content, true)));
        var counts = new Dictionary<string, long>();
        foreach (var text in texts)
        {
            splitter.Split(text, CountStretch, _ => { });
        }
        return counts;

        void CountStretch(string stretch)
        {
            var composed = CanonicalComposition.Compose(stretch);
            foreach (var piece in pattern.Split(composed))
            {
                var word = composed[piece];
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }
    }

    /// <summary>How often each pair of neighbouring tokens occurs, kept up to date merge by merge.</summary>
    private sealed class PairCounts
    {
        private readonly List<(int[] Tokens, long Count)> words = [];
        private readonly Dictionary<(int Left, int Right), long> counts = [];
        private readonly Dictionary<(int Left, int Right), HashSet<int>> wordsWith = [];

        public PairCounts(Dictionary<string, long> wordCounts, List<byte[]> byteTokens)
        {
            var idOfByte = new int[256];
            for (var id = 0; id < byteTokens.Count; id++) idOfByte[byteTokens[id][0]] = id;
            foreach (var (word, count) in wordCounts)
            {
                words.Add(([.. Encoding.UTF8.GetBytes(word).Select(b => idOfByte[b])], count));
                Count(words.Count - 1, sign: 1);
            }
        }

        public (int Left, int Right, long Count)? MostFrequent(List<byte[]> tokens)
        {
            (int Left, int Right, long Count)? best = null;
            foreach (var ((left, right), count) in counts)
            {
                if (best is { } b && (count < b.Count || (count == b.Count && Compare((left, right), (b.Left, b.Right), tokens) >= 0))) continue;
                best = (left, right, count);
            }
            return best;
        }

        public void Merge(int left, int right, int joined)
        {
            foreach (var index in wordsWith[(left, right)].ToArray())
            {
                Count(index, sign: -1);
                words[index] = (Join(words[index].Tokens, left, right, joined), words[index].Count);
                Count(index, sign: 1);
            }
        }

        private void Count(int index, int sign)
        {
            var (tokens, count) = words[index];
            for (var i = 0; i + 1 < tokens.Length; i++)
            {
                var pair = (tokens[i], tokens[i + 1]);
                var total = counts.GetValueOrDefault(pair) + sign * count;
                if (total == 0) counts.Remove(pair);
                else counts[pair] = total;

                if (!wordsWith.TryGetValue(pair, out var holders)) wordsWith[pair] = holders = [];
                if (sign > 0) holders.Add(index);
                else holders.Remove(index);
            }
        }

        private static int[] Join(int[] tokens, int left, int right, int joined)
        {
            var result = new List<int>(tokens.Length);
            for (var i = 0; i < tokens.Length; i++)
            {
                var isPair = i + 1 < tokens.Length && tokens[i] == left && tokens[i + 1] == right;
                result.Add(isPair ? joined : tokens[i]);
                if (isPair) i++;
            }
            return [.. result];
        }

        private static int Compare((int Left, int Right) a, (int Left, int Right) b, List<byte[]> tokens)
        {
            var byLeft = tokens[a.Left].AsSpan().SequenceCompareTo(tokens[b.Left]);
            return byLeft != 0 ? byLeft : tokens[a.Right].AsSpan().SequenceCompareTo(tokens[b.Right]);
        }
    }
}
