using System.Security.Cryptography;
using System.Text;

namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>Identifies a checkpoint by content: equal checksums mean equal answers to equal input, seed and decoding settings.</summary>
public static class CheckpointChecksum
{
    private static readonly string[] Described = [CheckpointConfig.FileName, "preprocessor_config.json", "tokenizer.json"];

    /// <summary>SHA-256 in lower-case hexadecimal over the SHA-256 of each file that decides what the model computes.</summary>
    /// <remarks>
    /// Those files are config.json, preprocessor_config.json and tokenizer.json (where present) and the weights. For a folder with one weight file
    /// that has all three the shell gives the same: <c>sha256sum config.json model.safetensors preprocessor_config.json tokenizer.json | sha256sum</c>.
    /// The weights are read in full, so take it once and keep it.
    /// </remarks>
    /// <exception cref="CheckpointException">The folder holds no weights, or a shard is absent.</exception>
    public static string Compute(string folder, CancellationToken cancellationToken)
    {
        var problems = new List<CheckpointProblem>();
        var weights = CheckpointShards.Find(folder, problems);
        problems.AddRange(weights.Where(name => !File.Exists(Path.Combine(folder, name))).Select(name => new CheckpointProblem(Path.Combine(folder, name), null, "the shard does not exist.")));
        CheckpointException.ThrowIfAny(problems);

        var lines = new StringBuilder();
        foreach (var name in weights.Concat(Described.Where(name => File.Exists(Path.Combine(folder, name)))).Order(StringComparer.Ordinal))
            lines.Append(FileSum(Path.Combine(folder, name), cancellationToken)).Append("  ").Append(name).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    private static string FileSum(string path, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, count));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
