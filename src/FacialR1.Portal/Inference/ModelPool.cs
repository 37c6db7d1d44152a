using FacialR1.Analysis;
using FacialR1.Portal.Configuration;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Inference;

/// <summary>Keeps the models of the checkpoints used last. A model in use is never taken away.</summary>
public sealed class ModelPool(CheckpointCatalog catalog, IReasoningModelFactory factory, IOptions<InferenceOptions> options) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Slot> slots = [];
    private long uses;

    /// <summary>Lends the model of a checkpoint until the lease is disposed.</summary>
    /// <exception cref="ModelUnavailableException">There is no such checkpoint, or it cannot be used.</exception>
    public ModelLease Rent(string checkpoint)
    {
        var entry = catalog.Find(checkpoint) ?? throw new ModelUnavailableException(
            $"The checkpoint \"{checkpoint}\" is no longer in the checkpoint folder. Choose another one and try again.");
        if (entry.Problem is { } problem) throw new ModelUnavailableException(problem);

        lock (gate)
        {
            if (!slots.TryGetValue(checkpoint, out var slot)) slots[checkpoint] = slot = new Slot(checkpoint, entry.Remote is null, factory.Create(entry));
            slot.Leases++;
            slot.LastUse = ++uses;
            return new ModelLease(slot.Model, () => ReturnAsync(slot));
        }
    }

    private async ValueTask ReturnAsync(Slot slot)
    {
        List<Slot> leaving = [];
        lock (gate)
        {
            slot.Leases--;
            foreach (var idle in slots.Values.Where(other => other is { Leases: 0, TakesMemory: true }).OrderBy(other => other.LastUse).ToList())
            {
                if (slots.Values.Count(other => other.TakesMemory) <= options.Value.LoadedCheckpoints) break;
                slots.Remove(idle.Checkpoint);
                leaving.Add(idle);
            }
        }
        foreach (var model in leaving.Select(left => left.Model)) await DisposeAsync(model);
    }

    public async ValueTask DisposeAsync()
    {
        List<Slot> all;
        lock (gate)
        {
            all = [.. slots.Values];
            slots.Clear();
        }
        foreach (var slot in all) await DisposeAsync(slot.Model);
    }

    private static async ValueTask DisposeAsync(IReasoningModel model)
    {
        if (model is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else (model as IDisposable)?.Dispose();
    }

    /// <param name="takesMemory">False behind a server: such a model stays, and with it what it knows about the server's limits.</param>
    private sealed class Slot(string checkpoint, bool takesMemory, IReasoningModel model)
    {
        public bool TakesMemory { get; } = takesMemory;
        public string Checkpoint { get; } = checkpoint;
        public IReasoningModel Model { get; } = model;
        public int Leases { get; set; }
        public long LastUse { get; set; }
    }
}

/// <summary>A model on loan; disposing gives it back.</summary>
public sealed class ModelLease(IReasoningModel model, Func<ValueTask> giveBack) : IAsyncDisposable
{
    public IReasoningModel Model { get; } = model;

    public ValueTask DisposeAsync() => giveBack();
}
