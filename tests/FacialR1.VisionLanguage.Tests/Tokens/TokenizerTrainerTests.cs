using System.Text;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Tokens;

public sealed class TokenizerTrainerTests
{
    [Fact]
    public void The_most_frequent_pair_is_learned_first()
    {
        // "ab" 5 times, "bc" 3 times, then "ab" + "c" 3 times.
        var tokenizer = TokenizerTrainer.Train(["abc", "abc", "abc", "ab", "ab"], 256 + 2 + 11, minimumCount: 1);
        Assert.Equal(["ab", "abc"], new[] { 256, 257 }.Select(id => tokenizer.Decode([id])));
    }

    [Fact]
    public void Equal_counts_are_decided_by_content_not_by_order()
    {
        var forward = TokenizerTrainer.Train(TokenFixtures.Sentences, 340);
        var backward = TokenizerTrainer.Train(TokenFixtures.Sentences.Reverse(), 340);
        Assert.Equal(Tokens(forward), Tokens(backward));

        var tie = TokenizerTrainer.Train(["zy", "zy", "ab", "ab"], 256 + 1 + 11);
        Assert.Equal("ab", tie.Decode([256]));
    }

    [Fact]
    public void Bytes_come_first_and_added_tokens_last()
    {
        var tokenizer = TokenizerTrainer.Train(TokenFixtures.Sentences, 340);
        Assert.Equal(340, tokenizer.VocabularySize);
        Assert.Equal(Enumerable.Range(0, 256), Enumerable.Range(0, 256).Select(id => (int)tokenizer.TokenBytes(id)[0]).Order());
        Assert.Equal(
            ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "<think>", "</think>", "<answer>", "</answer>"],
            Enumerable.Range(329, 11).Select(id => Encoding.UTF8.GetString(tokenizer.TokenBytes(id))));
    }

    [Fact]
    public void Learning_ends_when_no_pair_is_frequent_enough()
    {
        var tokenizer = TokenizerTrainer.Train(["abab"], 1_024);
        Assert.Equal(256 + 1 + 11, tokenizer.VocabularySize);
    }

    [Fact]
    public void Tags_teach_no_merges()
    {
        var tokenizer = TokenizerTrainer.Train(Enumerable.Repeat("<think></think><|im_end|>", 50), 300, minimumCount: 1);
        Assert.Equal(256 + 11, tokenizer.VocabularySize);
    }

    [Fact]
    public void Words_of_the_texts_become_few_tokens()
    {
        const string sentence = "The lip corners are pulled up (AU12)";
        var trained = TokenizerTrainer.Train(TokenFixtures.Sentences, 600).Encode(sentence).Length;
        Assert.True(trained <= 14, $"{trained} tokens for 7 words and an AU.");
    }

    [Fact]
    public void A_size_without_room_for_bytes_and_added_tokens_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenizerTrainer.Train(TokenFixtures.Sentences, 266));

    private static IEnumerable<string> Tokens(Tokenizer tokenizer) =>
        Enumerable.Range(0, tokenizer.VocabularySize).Select(id => Convert.ToHexString(tokenizer.TokenBytes(id)));
}
