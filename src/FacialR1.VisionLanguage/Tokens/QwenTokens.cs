namespace FacialR1.VisionLanguage.Tokens;

/// <summary>The added tokens the Qwen2.5-VL family gives a meaning.</summary>
public static class QwenTokens
{
    /// <summary>Padding, and the end of a plain document.</summary>
    public const string EndOfText = "<|endoftext|>";

    public const string TurnStart = "<|im_start|>";
    public const string TurnEnd = "<|im_end|>";
    public const string VisionStart = "<|vision_start|>";
    public const string VisionEnd = "<|vision_end|>";

    /// <summary>Stands for one visual token; its embedding is overwritten by the image's.</summary>
    public const string ImagePad = "<|image_pad|>";

    public const string VideoPad = "<|video_pad|>";
}
