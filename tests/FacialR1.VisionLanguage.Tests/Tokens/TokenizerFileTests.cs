using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Tokens;

public sealed class TokenizerFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tokenizer-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Saved_and_loaded_again_it_gives_the_same_ids()
    {
        TokenFixtures.Small.Save(folder.FullName);
        var again = Tokenizer.Load(folder.FullName);

        Assert.Equal(TokenFixtures.Small.VocabularySize, again.VocabularySize);
        Assert.Equal(TokenFixtures.Small.AddedTokens, again.AddedTokens);
        foreach (var text in TokenFixtures.Sentences) Assert.Equal(TokenFixtures.Small.Encode(text), again.Encode(text));
    }

    [Fact]
    public void Saving_twice_writes_the_same_bytes()
    {
        TokenFixtures.Small.Save(folder.FullName);
        var first = File.ReadAllBytes(Path.Combine(folder.FullName, "tokenizer.json"));
        Tokenizer.Load(folder.FullName).Save(folder.FullName);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(folder.FullName, "tokenizer.json")));
    }

    [Fact]
    public void The_config_names_the_end_of_a_turn_and_the_chat_template()
    {
        TokenFixtures.Small.Save(folder.FullName);
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "tokenizer_config.json")));
        Assert.Equal("<|im_end|>", config.RootElement.GetProperty("eos_token").GetString());
        Assert.Equal("<|endoftext|>", config.RootElement.GetProperty("pad_token").GetString());
        Assert.Contains("<|image_pad|>", config.RootElement.GetProperty("chat_template").GetString());
    }

    [Fact]
    public void Merges_may_be_written_as_pairs()
    {
        var expected = TokenFixtures.Small.Encode(TokenFixtures.Sentences[0]);
        var path = Change(root =>
        {
            var pairs = root["model"]!["merges"]!.AsArray().Select(merge => (JsonNode)new JsonArray([.. merge!.GetValue<string>().Split(' ').Select(part => JsonValue.Create(part))]));
            root["model"]!["merges"] = new JsonArray([.. pairs]);
        });
        Assert.Equal(expected, Tokenizer.Load(path).Encode(TokenFixtures.Sentences[0]));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => Tokenizer.Load(folder.FullName));
        Assert.Contains(Path.Combine(folder.FullName, "tokenizer.json"), error.Message);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_named()
    {
        TokenFixtures.Small.Save(folder.FullName);
        var path = Path.Combine(folder.FullName, "tokenizer.json");
        File.WriteAllText(path, File.ReadAllText(path)[..500]);
        AssertRefused(path, "not valid JSON");
    }

    [Fact]
    public void Another_kind_of_tokenizer_is_refused_with_the_entry_that_says_so()
    {
        AssertRefused(Change(root => root["model"]!["type"] = "Unigram"), "'model.type' must be \"BPE\", but it says Unigram");
        AssertRefused(Change(root => root["normalizer"] = new JsonObject { ["type"] = "NFKC" }), "'normalizer' must be \"NFC\" or none");
        AssertRefused(Change(root => root["pre_tokenizer"] = new JsonObject { ["type"] = "Whitespace" }), "'pre_tokenizer' must be");
        AssertRefused(Change(root => root["pre_tokenizer"]!["pretokenizers"]![1]!["add_prefix_space"] = true), "'pre_tokenizer.pretokenizers[1]' must be");
        AssertRefused(Change(root => root["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"]!["Regex"] = "("), "the pre-token pattern is not");
        AssertRefused(Change(root => root["added_tokens"]![2]!["lstrip"] = true), "'added_tokens[2].lstrip' must be false");
        AssertRefused(Change(root => root.Remove("model")), "has no 'model' of kind Object");
        AssertRefused(Change(root => root["model"]!["vocab"] = "none"), "has no 'vocab' of kind Object");
    }

    [Fact]
    public void A_vocabulary_with_holes_is_refused()
    {
        AssertRefused(Change(root => root["model"]!["vocab"]!.AsObject().Remove("!")), "byte 0x21 is not in the vocabulary");
        AssertRefused(Change(root => root["model"]!["vocab"]!["日"] = 9_000), "stands for no byte");
        AssertRefused(Change(root => root["model"]!["vocab"]!["!"] = 7), "taken by another token");
        AssertRefused(Change(root => root["model"]!["merges"]![3] = "zzz qqq"), "merge 3 speaks of 'zzz'");
        AssertRefused(Change(root => root["model"]!["merges"]![3] = "zzz"), "'model.merges[3]' must be two tokens");
    }

    private string Change(Action<JsonObject> change)
    {
        TokenFixtures.Small.Save(folder.FullName);
        var path = Path.Combine(folder.FullName, "tokenizer.json");
        var root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(root);
        File.WriteAllText(path, root.ToJsonString());
        return path;
    }

    private static void AssertRefused(string path, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => Tokenizer.Load(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(reason, error.Message);
    }
}
