using FacialR1.VisionLanguage.Qwen25Vl;
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

    private CheckpointFolder(string folder, Qwen25VlOptions options, List<SafetensorsFile> files, Dictionary<string, (SafetensorsFile, SafetensorsEntry)> stored)
    {
        (Folder, Options, this.files, this.stored) = (folder, options, files, stored);
        weightsSource = files.Count == 1 ? files[0].Path : Path.Combine(folder, CheckpointShards.IndexFile);
    }

    /// <summary>The folder it was opened from.</summary>
    public string Folder { get; }

    /// <summary>The architecture that config.json describes.</summary>
    public Qwen25VlOptions Options { get; }

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
        var options = CheckpointConfig.Read(folder, problems);
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

        if (problems.Count == 0) return new CheckpointFolder(folder, options!, files, stored);
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

    /// <summary>Builds the model that config.json describes and fills it.</summary>
    /// <param name="type">Type of the weights; null keeps the stored one.</param>
    /// <param name="device">Where they live; the CPU when null.</param>
    /// <param name="progress">Told after each tensor.</param>
    /// <param name="cancellationToken">Checked between tensors.</param>
    /// <returns>A model in evaluation mode that belongs to the caller; all its parameters ask for gradients.</returns>
    /// <exception cref="CheckpointException">The stored tensors are not those of the architecture; found before anything is allocated.</exception>
    public Qwen25VlModel LoadModel(ScalarType? type, Device? device, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        Check(ParameterInventory.Of(Options));
        var model = new Qwen25VlModel(Options, type ?? StoredType, device);
        try
        {
            LoadInto(model, progress, cancellationToken);
            model.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Type of the largest stored tensor: that of the matrices, where norms are kept wider.</summary>
    public ScalarType StoredType => stored.Count == 0 ? ScalarType.Float32 : stored.Values.MaxBy(tensor => tensor.Entry.Count).Entry.Type;

    /// <summary>Compares what is stored with what is expected, without reading weights.</summary>
    /// <exception cref="CheckpointException">Lists every tensor that is missing, left over, misshapen or not stored as weights.</exception>
    public void Check(IEnumerable<ParameterShape> expected)
    {
        var problems = new List<CheckpointProblem>();
        var left = stored.Keys.ToHashSet(StringComparer.Ordinal);
        if (Options.Text.TieEmbeddings) left.Remove(CheckpointNames.Head);

        foreach (var parameter in expected)
        {
            var name = SourceOf(parameter.Name);
            left.Remove(name);
            if (!stored.TryGetValue(name, out var tensor))
                problems.Add(new(weightsSource, name, $"missing; expected shape {Text(parameter.Shape)}."));
            else if (!tensor.Entry.Shape.SequenceEqual(parameter.Shape))
                problems.Add(new(tensor.File.Path, tensor.Entry.Name, $"has shape {Text(tensor.Entry.Shape)}; expected {Text(parameter.Shape)}."));
            else if (!SafetensorsType.IsWeight(tensor.Entry.Type))
                problems.Add(new(tensor.File.Path, tensor.Entry.Name, $"is stored as {SafetensorsType.NameOf(tensor.Entry.Type)}; expected F32, F16 or BF16."));
        }

        foreach (var name in left.Order(StringComparer.Ordinal))
        {
            var (file, entry) = stored[name];
            problems.Add(new(file.Path, entry.Name, $"unexpected, with shape {Text(entry.Shape)}: the model that config.json describes has no such parameter."));
        }

        CheckpointException.ThrowIfAny(problems);
    }

    /// <summary>Fills all parameters of a module; see the other overload.</summary>
    public void LoadInto(nn.Module module, IProgress<LoadProgress>? progress, CancellationToken cancellationToken) =>
        LoadInto(module.named_parameters(), progress, cancellationToken);

    /// <summary>Fills parameters with the stored weights, each converted to the parameter's own type and device.</summary>
    /// <param name="parameters">Names in the published spelling, each once. Nothing is written unless all of them fit.</param>
    /// <param name="progress">Told after each tensor.</param>
    /// <param name="cancellationToken">Checked between tensors; the parameters are then partly filled.</param>
    /// <remarks>
    /// Memory beside the parameters stays far below the largest tensor: they pass in pieces of 2 MiB. A tied checkpoint fills a module with
    /// or without a parameter <c>lm_head.weight</c>; with one, it receives the embedding matrix.
    /// </remarks>
    /// <exception cref="CheckpointException">Lists every tensor that is missing, left over, misshapen or not stored as weights.</exception>
    public void LoadInto<TTensor>(IEnumerable<(string name, TTensor parameter)> parameters, IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken) where TTensor : Tensor
    {
        var targets = parameters.ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter, StringComparer.Ordinal);
        Check(targets.Select(target => new ParameterShape(target.Key, target.Value.shape)));

        // In the order of the files, so that the disk is read forwards.
        var plan = targets.Select(target => (Source: stored[SourceOf(target.Key)], Name: target.Key, Parameter: target.Value))
            .OrderBy(step => files.IndexOf(step.Source.File)).ThenBy(step => step.Source.Entry.Begin).ToList();
        var total = plan.Sum(step => step.Source.Entry.ByteCount);
        long read = 0;
        foreach (var ((file, entry), name, parameter) in plan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.ReadInto(entry.Name, parameter);
            progress?.Report(new(name, read += entry.ByteCount, total));
        }
    }

    /// <summary>Closes the files. Parameters that were filled stay valid.</summary>
    public void Dispose() => files.ForEach(file => file.Dispose());

    /// <summary>Where a parameter's weights are stored: a tied head has the embedding matrix.</summary>
    private string SourceOf(string name) => Options.Text.TieEmbeddings && name == CheckpointNames.Head ? CheckpointNames.Embedding : name;

    private static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
