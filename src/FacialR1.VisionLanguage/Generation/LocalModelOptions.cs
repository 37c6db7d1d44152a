using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>A checkpoint folder and how to run it.</summary>
/// <param name="Folder">In the Hugging Face layout, with tokenizer and image processor settings.</param>
public sealed record LocalModelOptions(string Folder)
{
    /// <summary>Where the weights live; null takes a GPU when this build and machine have one.</summary>
    public Device? Device { get; init; }

    /// <summary>Type of the weights; null computes in float32 on a processor and keeps the stored type on a GPU.</summary>
    public ScalarType? Type { get; init; }

    /// <summary>Answers written side by side.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Requests that may wait; the next ones wait to get in line.</summary>
    public int QueueLength { get; init; } = 64;

    /// <summary>Times are taken from it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
