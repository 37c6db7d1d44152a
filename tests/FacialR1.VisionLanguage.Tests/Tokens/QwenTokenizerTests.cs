using System.Text.Json;
using CsCheck;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Tokens;

/// <summary>Against the real Qwen2.5 tokenizer. The expected ids were computed with Hugging Face's own (Rust) tokenizers library.</summary>
public sealed class QwenTokenizerTests
{
    [SkippableFact]
    public void Ids_equal_the_reference_for_texts_of_many_scripts()
    {
        var tokenizer = TokenFixtures.Qwen;
        var differing = new List<string>();
        var rows = 0;
        foreach (var line in TokenFixtures.Lines("qwen2.5-ids.jsonl"))
        {
            using var row = JsonDocument.Parse(line);
            var text = row.RootElement.GetProperty("text").GetString()!;
            var expected = row.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            var actual = tokenizer.Encode(text);
            if (!expected.SequenceEqual(actual)) differing.Add($"'{text}': expected {string.Join(",", expected)}, got {string.Join(",", actual)}");
            rows++;
        }
        Assert.True(rows >= 200);
        Assert.True(differing.Count == 0, string.Join('\n', differing));
    }

    [SkippableTheory]
    [InlineData("<|endoftext|>", 151643)]
    [InlineData("<|im_start|>", 151644)]
    [InlineData("<|im_end|>", 151645)]
    [InlineData("<|vision_start|>", 151652)]
    [InlineData("<|vision_end|>", 151653)]
    [InlineData("<|image_pad|>", 151655)]
    [InlineData("<|video_pad|>", 151656)]
    public void Special_tokens_have_their_published_ids(string content, int id)
    {
        Assert.Equal(id, TokenFixtures.Qwen.IdOf(content));
        Assert.Equal([id], TokenFixtures.Qwen.Encode(content));
        Assert.True(TokenFixtures.Qwen.IsSpecial(id));
    }

    [SkippableFact]
    public void Tags_are_plain_text_and_digits_stand_alone()
    {
        var tokenizer = TokenFixtures.Qwen;
        Assert.Equal([13708, 766, 29], tokenizer.Encode("<think>"));
        Assert.Equal(["AU", "1", "2"], tokenizer.Encode("AU12").Select(id => tokenizer.Decode([id])));
        Assert.Equal(151665, tokenizer.VocabularySize);
    }

    [SkippableFact]
    public void Saved_and_loaded_again_it_gives_the_same_ids()
    {
        var tokenizer = TokenFixtures.Qwen;
        var folder = Directory.CreateTempSubdirectory("tokenizer-");
        try
        {
            tokenizer.Save(folder.FullName);
            var again = Tokenizer.Load(folder.FullName);
            AnyText.WellFormed.Sample(text => Assert.Equal(tokenizer.Encode(text), again.Encode(text)), iter: 200);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [SkippableFact]
    public void Decoding_gives_back_the_composed_text()
    {
        var tokenizer = TokenFixtures.Qwen;
        AnyText.WellFormed.Sample(text => Assert.Equal(CanonicalComposition.Compose(text), tokenizer.Decode(tokenizer.Encode(text))));
    }
}
