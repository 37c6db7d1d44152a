using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Prompts read once and gone on from several times each, with gradient: in training, the G completions of a photo need not read its prompt G times.</summary>
/// <remarks>Pass it to the model with the prompts, then pass <see cref="ContinuedBy"/> with the completions. P prompts of one length, B completions, G key/value heads, S tokens of a prompt, D head width.</remarks>
public sealed class SharedPrompts(int layers) : IKeyValueMemory, IDisposable
{
    private readonly Recording[] recordings = [.. Enumerable.Range(0, layers).Select(_ => new Recording())];

    /// <summary>Prompts are read from the start: nothing comes before them.</summary>
    public long Length => 0;

    public ILayerMemory Layer(int index) => recordings[index];

    /// <summary>The memory of B completions.</summary>
    /// <param name="prompts">[B]: the row of each completion's prompt.</param>
    /// <exception cref="InvalidOperationException">No prompt has been read.</exception>
    public IKeyValueMemory ContinuedBy(Tensor prompts) => new Continuation([.. recordings.Select(recording => new Continued(recording.Read, prompts))]);

    public void Dispose()
    {
        foreach (var recording in recordings) recording.Dispose();
    }

    private sealed class Recording : ILayerMemory, IDisposable
    {
        private (Tensor Keys, Tensor Values)? read;

        /// <summary>[P, G, S, D] each.</summary>
        public (Tensor Keys, Tensor Values) Read => read ?? throw new InvalidOperationException("The prompts have to be read before they can be gone on from.");

        public (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value)
        {
            if (read is not null) throw new InvalidOperationException("Prompts are read in one pass.");
            read = (key.DetachFromDisposeScope(), value.DetachFromDisposeScope());
            return (key, value);
        }

        public void Dispose()
        {
            read?.Keys.Dispose();
            read?.Values.Dispose();
        }
    }

    private sealed class Continuation(Continued[] layers) : IKeyValueMemory
    {
        public long Length => layers[0].Length;

        public ILayerMemory Layer(int index) => layers[index];
    }

    private sealed class Continued((Tensor Keys, Tensor Values) read, Tensor prompts) : ILayerMemory
    {
        public long Length => read.Keys.shape[2];

        public (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value) =>
            (cat([read.Keys.index_select(0, prompts), key], dim: 2), cat([read.Values.index_select(0, prompts), value], dim: 2));   // [B, G, S + T, D]
    }
}
