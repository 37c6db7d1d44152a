using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>A model folder in the Hugging Face layout, opened for reading: config.json beside one safetensors file or a set of shards.</summary>
/// <remarks>
/// Weights stay on disk (memory-mapped) until they are asked for, and are copied one tensor at a time. Names are given as the published Qwen2.5-VL
/// checkpoints spell them, see <see cref="CheckpointNames"/>.
/// </remarks>
public sealed class CheckpointFolder : IDisposable
{
    private readonly List<SafetensorsFile> files;
    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> stored;
    private readonly string weightsSource;

    private CheckpointFolder(string folder, bool isHeadTied, List<SafetensorsFile> files, Dictionary<string, (SafetensorsFile, SafetensorsEntry)> stored)
    {
        (Folder, IsHeadTied, this.files, this.stored) = (folder, isHeadTied, files, stored);
        weightsSource = files.Count == 1 ? files[0].Path : Path.Combine(folder, CheckpointShards.IndexFile);
    }

    /// <summary>The folder it was opened from.</summary>
    public string Folder { get; }

    /// <summary>The output projection is the embedding matrix; a stored <c>lm_head.weight</c> is then ignored (tie_word_embeddings).</summary>
    public bool IsHeadTied { get; }

    /// <summary>Normalised names of the stored tensors.</summary>
    public IEnumerable<string> Names => stored.Keys;

    /// <summary>Number of stored weights.</summary>
    public long WeightCount => stored.Values.Sum(tensor => tensor.Entry.Count);

    /// <summary>Stored size of all tensors in bytes.</summary>
    public long ByteCount => stored.Values.Sum(tensor => tensor.Entry.ByteCount);

    /// <summary>Opens a folder and checks everything that can be checked without reading weights.</summary>
    /// <exception cref="CheckpointException">Lists every fault: config.json, architecture, absent or damaged shards, tensors stored twice.</exception>
    public static CheckpointFolder Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CheckpointException(folder, null, "the folder does not exist; expected config.json and model.safetensors in it.");

        var problems = new List<CheckpointProblem>();
        var config = CheckpointConfig.Read(folder, problems);
        var files = CheckpointShards.Open(folder, problems);
        var stored = new Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var entry in file.Entries)
            {
                if (!stored.TryAdd(CheckpointNames.Normalise(entry.Name), (file, entry)))
                {
                    var (otherFile, other) = stored[CheckpointNames.Normalise(entry.Name)];
                    problems.Add(new(file.Path, entry.Name, $"is stored twice, also as '{other.Name}' in {Path.GetFileName(otherFile.Path)}; expected once."));
                }
            }
        }

        if (problems.Count == 0) return new CheckpointFolder(folder, config!.IsHeadTied, files, stored);
        files.ForEach(file => file.Dispose());
        throw new CheckpointException(problems);
    }

    /// <summary>What is stored under a normalised name; null when nothing is.</summary>
    public SafetensorsEntry? Find(string name) => stored.TryGetValue(name, out var tensor) ? tensor.Entry : null;

    /// <summary>Reads one tensor under its normalised name, into a new tensor that belongs to the caller.</summary>
    /// <exception cref="CheckpointException">No tensor has that name.</exception>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null) => stored.TryGetValue(name, out var tensor)
        ? tensor.File.Read(tensor.Entry.Name, type, device)
        : throw new CheckpointException(weightsSource, name, "is not stored in this checkpoint.");

    /// <summary>Fills all parameters of a module; see the other overload.</summary>
    public void LoadInto(nn.Module module, IProgress<LoadProgress>? progress, CancellationToken cancellationToken) =>
        LoadInto(module.named_parameters(), progress, cancellationToken);

    /// <summary>Fills parameters with the stored weights, each converted to the parameter's own type and device.</summary>
    /// <param name="parameters">Names in the published spelling, each once. Nothing is written unless all of them fit.</param>
    /// <param name="progress">Told after each tensor.</param>
    /// <param name="cancellationToken">Checked between tensors; the parameters are then partly filled.</param>
    /// <remarks>
    /// Memory beside the parameters stays below one stored tensor: large ones pass in pieces of 16 MiB. A tied checkpoint fills a module with
    /// or without a parameter <c>lm_head.weight</c>; with one, it receives the embedding matrix.
    /// </remarks>
    /// <exception cref="CheckpointException">Lists every tensor that is missing, left over, misshapen or not stored as weights.</exception>
    public void LoadInto<TTensor>(IEnumerable<(string name, TTensor parameter)> parameters, IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken) where TTensor : Tensor
    {
        var plan = Plan([.. parameters.Select(pair => (pair.name, (Tensor)pair.parameter))]);
        var total = plan.Sum(step => step.Entry.ByteCount);
        long read = 0;
        foreach (var (file, entry, parameter) in plan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.ReadInto(entry.Name, parameter);
            progress?.Report(new(CheckpointNames.Normalise(entry.Name), read += entry.ByteCount, total));
        }
    }

    /// <summary>Closes the files. Parameters that were filled stay valid.</summary>
    public void Dispose() => files.ForEach(file => file.Dispose());

    /// <summary>Pairs each parameter with what is stored for it, in the order of the files so that the disk is read forwards.</summary>
    private List<(SafetensorsFile File, SafetensorsEntry Entry, Tensor Parameter)> Plan(IReadOnlyList<(string Name, Tensor Parameter)> parameters)
    {
        var problems = new List<CheckpointProblem>();
        var plan = new List<(SafetensorsFile File, SafetensorsEntry Entry, Tensor Parameter)>();
        var left = stored.Keys.ToHashSet(StringComparer.Ordinal);
        if (IsHeadTied) left.Remove(CheckpointNames.Head);

        foreach (var (name, parameter) in parameters)
        {
            var source = IsHeadTied && name == CheckpointNames.Head ? "model.embed_tokens.weight" : name;
            if (!stored.TryGetValue(source, out var tensor))
            {
                problems.Add(new(weightsSource, name, $"missing; expected shape {Text(parameter.shape)}."));
                continue;
            }

            left.Remove(name);
            if (!tensor.Entry.Shape.SequenceEqual(parameter.shape))
                problems.Add(new(tensor.File.Path, tensor.Entry.Name, $"has shape {Text(tensor.Entry.Shape)}; expected {Text(parameter.shape)}."));
            else if (!SafetensorsType.IsWeight(tensor.Entry.Type))
                problems.Add(new(tensor.File.Path, tensor.Entry.Name, $"is stored as {SafetensorsType.NameOf(tensor.Entry.Type)}; expected F32, F16 or BF16."));
            else
                plan.Add((tensor.File, tensor.Entry, parameter));
        }

        foreach (var name in left.Order(StringComparer.Ordinal))
        {
            var (file, entry) = stored[name];
            problems.Add(new(file.Path, entry.Name, $"unexpected, with shape {Text(entry.Shape)}: the model that config.json describes has no such parameter."));
        }

        CheckpointException.ThrowIfAny(problems);
        plan.Sort((a, b) => a.File == b.File ? a.Entry.Begin.CompareTo(b.Entry.Begin) : files.IndexOf(a.File).CompareTo(files.IndexOf(b.File)));
        return plan;
    }

    private static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
