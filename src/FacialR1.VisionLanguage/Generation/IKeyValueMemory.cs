using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>What a decoder has read before the tokens it reads now, however it is kept. The caller owns it and passes it to the model.</summary>
public interface IKeyValueMemory
{
    /// <summary>Tokens read so far, padding included.</summary>
    long Length { get; }

    ILayerMemory Layer(int index);
}

/// <summary>One decoder layer's part of an <see cref="IKeyValueMemory"/>.</summary>
public interface ILayerMemory
{
    /// <summary>Adds T tokens and returns all S of them, as tensors of the caller's dispose scope.</summary>
    /// <param name="key">[B, G, T, D]; value alike.</param>
    (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value);
}
