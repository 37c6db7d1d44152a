using FacialR1.Portal.Configuration;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Portal.Features.Checkpoints;

/// <summary>A folder that was put into the imports folder.</summary>
/// <param name="SizeInBytes">All files together.</param>
public sealed record ImportCandidate(string Name, long SizeInBytes);

/// <summary>What a check found.</summary>
/// <param name="Faults">Everything that keeps it from being used, each with what to do; empty when it can be added.</param>
/// <param name="Parameters">Weights that the architecture implies; null where config.json cannot be read.</param>
public sealed record ImportReport(IReadOnlyList<string> Faults, long? Parameters);

/// <summary>
/// Takes a Hugging Face folder in. Somebody with access to the machine puts it into the imports folder; a visitor only names one of those that lie there.
/// It is listed among the checkpoints after every check has passed, and not before.
/// </summary>
public sealed class CheckpointImport(PortalPaths paths)
{
    /// <summary>Where folders to import are put.</summary>
    public string Folder => paths.Imports;

    /// <summary>The folders that lie there, by name.</summary>
    public IReadOnlyList<ImportCandidate> Candidates() => !Directory.Exists(paths.Imports)
        ? []
        : [.. new DirectoryInfo(paths.Imports).EnumerateDirectories().Where(folder => !folder.Name.StartsWith('.')).OrderBy(folder => folder.Name, StringComparer.Ordinal)
            .Select(folder => new ImportCandidate(folder.Name, folder.EnumerateFiles().Sum(file => file.Length)))];

    /// <summary>Checks everything that can be checked without reading weights: configuration, architecture, names, shapes and types of all tensors, tokenizer, preprocessing.</summary>
    public Task<ImportReport> CheckAsync(string name, CancellationToken cancellationToken) => Task.Run(() => Check(name), cancellationToken);

    /// <summary>Moves the folder to the checkpoints, after checking it once more.</summary>
    /// <returns>The faults that kept it out; empty when it is in.</returns>
    public Task<ImportReport> AddAsync(string name, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var report = Check(name);
        if (report.Faults.Count > 0) return report;
        var (from, to) = (Find(name)!.FullName, Path.Combine(paths.Checkpoints, name));
        try
        {
            Directory.CreateDirectory(paths.Checkpoints);
            Directory.Move(from, to);
            return report;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return report with { Faults = [$"It could not be moved to {paths.Checkpoints}: {error.Message} Move it there by hand; it is listed then."] };
        }
    }, cancellationToken);

    /// <summary>The name is compared with those on disk and never becomes part of a path before it was found there.</summary>
    private DirectoryInfo? Find(string name) => Directory.Exists(paths.Imports)
        ? new DirectoryInfo(paths.Imports).EnumerateDirectories().FirstOrDefault(folder => folder.Name == name && !folder.Name.StartsWith('.'))
        : null;

    private ImportReport Check(string name)
    {
        if (Find(name) is not { } folder) return new ImportReport([$"{name} does not lie in {paths.Imports} any more."], null);
        var faults = new List<string>();
        if (Directory.Exists(Path.Combine(paths.Checkpoints, name))) faults.Add($"There is a checkpoint named {name} already. Rename the folder.");
        if (folder.LinkTarget is not null || folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).FirstOrDefault(entry => entry.LinkTarget is not null) is not null)
            return new ImportReport([.. faults, "It holds links, as the download cache of Hugging Face does. Download it with \"huggingface-cli download … --local-dir\", which writes plain files."], null);

        long? parameters = null;
        try
        {
            using var checkpoint = CheckpointFolder.Open(folder.FullName);
            parameters = ParameterInventory.Count(checkpoint.Options).Total;
            checkpoint.Check(ParameterInventory.Of(checkpoint.Options));
        }
        catch (CheckpointException error)
        {
            faults.AddRange(error.Problems.Take(20).Select(problem => problem.ToString().Replace(folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(folder.FullName, name, StringComparison.Ordinal)));
            if (error.Problems.Count > 20) faults.Add($"… and {error.Problems.Count - 20} more.");
        }
        faults.AddRange(new[]
        {
            Fault(folder, "tokenizer.json", () => Tokenizer.Load(Path.Combine(folder.FullName, "tokenizer.json"))),
            Fault(folder, "preprocessor_config.json", () => ImageProcessorOptions.FromFolder(folder.FullName)),
        }.OfType<string>());
        return new ImportReport(faults, parameters);
    }

    private static string? Fault(DirectoryInfo folder, string file, Func<object> read)
    {
        if (!File.Exists(Path.Combine(folder.FullName, file))) return $"{file} is missing. Copy it from where the model was published.";
        try
        {
            read();
            return null;
        }
        // Whatever a reader throws at a file from elsewhere means that the file is not what it should be.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return $"{file} cannot be used: {error.Message.Replace(folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)}";
        }
    }
}
