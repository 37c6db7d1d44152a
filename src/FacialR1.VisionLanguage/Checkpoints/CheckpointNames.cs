namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>The two spellings of Qwen2.5-VL parameter names. Inside the program only the first, shorter one exists.</summary>
/// <remarks>
/// The published checkpoints say <c>model.layers.0…</c> and <c>visual.blocks.0…</c>; exports of newer transformers versions say
/// <c>model.language_model.layers.0…</c> and <c>model.visual.blocks.0…</c>.
/// </remarks>
public static class CheckpointNames
{
    /// <summary>The output projection; a tied checkpoint has none, or one to ignore.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>The token embedding.</summary>
    public const string Embedding = "model.embed_tokens.weight";

    private static readonly (string Newer, string Ours)[] Prefixes = [("model.language_model.", "model."), ("model.visual.", "visual.")];

    /// <summary>The name as the published checkpoints spell it; any other name comes back unchanged.</summary>
    public static string Normalise(string name)
    {
        foreach (var (newer, ours) in Prefixes)
            if (name.StartsWith(newer, StringComparison.Ordinal)) return ours + name[newer.Length..];
        return name;
    }
}
