using System.Text.Json.Nodes;
using FacialR1.Analysis.Prompts;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Tests.Tokens;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Generation;

/// <summary>A complete checkpoint folder around the tiny reference weights, with a vocabulary that fits them. Deleted on disposal.</summary>
internal sealed class TinyCheckpoint : IDisposable
{
    private static readonly string Weights = RepositoryFiles.At("tests", "FacialR1.VisionLanguage.Tests", "Fixtures", "parity", "tiny-tied");

    public TinyCheckpoint()
    {
        Folder = Directory.CreateTempSubdirectory("tiny-checkpoint-").FullName;
        Tokenizer.Save(Folder);
        foreach (var file in (string[])["model.safetensors", "preprocessor_config.json"]) File.Copy(Path.Combine(Weights, file), Path.Combine(Folder, file));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Weights, "config.json")))!;
        config["image_token_id"] = Tokenizer.IdOf(QwenTokens.ImagePad);
        config["eos_token_id"] = Tokenizer.IdOf(QwenTokens.TurnEnd);
        File.WriteAllText(Path.Combine(Folder, "config.json"), config.ToJsonString());
        File.WriteAllText(Path.Combine(Folder, "generation_config.json"), $$"""{"prompt_id": "{{FacialR1Prompt.CompactId}}"}""");
    }

    public static Tokenizer Tokenizer { get; } = TokenizerTrainer.Train(TokenFixtures.Sentences, 320);

    public string Folder { get; }

    /// <summary>A picture of 56 × 56 pixels: four visual tokens.</summary>
    public static byte[] Face { get; } = File.ReadAllBytes(Path.Combine(Weights, "one-image-0.png"));

    public static byte[] OtherFace { get; } = File.ReadAllBytes(Path.Combine(Weights, "uneven-windows-0.png"));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
