namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>One thing that is wrong with a checkpoint: where, and what was expected there.</summary>
/// <param name="File">Path of the file or folder at fault.</param>
/// <param name="Tensor">Name of the tensor as the file spells it, or null when the fault is not one tensor's.</param>
/// <param name="Text">What was found and what was expected.</param>
public sealed record CheckpointProblem(string File, string? Tensor, string Text)
{
    /// <summary>File, tensor and text on one line.</summary>
    public override string ToString() => Tensor is null ? $"{File}: {Text}" : $"{File}: tensor '{Tensor}': {Text}";
}

/// <summary>A checkpoint cannot be used. Everything that was found wrong is listed, not only the first fault.</summary>
public sealed class CheckpointException : Exception
{
    // A wrong architecture misses hundreds of tensors; a screen of them tells as much as all.
    private const int ListedInMessage = 20;

    /// <summary>An exception for faults found together; there is at least one.</summary>
    public CheckpointException(IReadOnlyList<CheckpointProblem> problems, Exception? cause = null) : base(Describe(problems), cause) =>
        Problems = problems;

    /// <summary>An exception for a single fault.</summary>
    public CheckpointException(string file, string? tensor, string text, Exception? cause = null)
        : this([new CheckpointProblem(file, tensor, text)], cause)
    {
    }

    /// <summary>All faults, in the order in which they were found.</summary>
    public IReadOnlyList<CheckpointProblem> Problems { get; }

    internal static void ThrowIfAny(IReadOnlyList<CheckpointProblem> problems)
    {
        if (problems.Count > 0) throw new CheckpointException(problems);
    }

    private static string Describe(IReadOnlyList<CheckpointProblem> problems)
    {
        if (problems.Count == 1) return problems[0].ToString();
        var lines = problems.Take(ListedInMessage).Select(problem => $"  {problem}");
        if (problems.Count > ListedInMessage) lines = lines.Append($"  … and {problems.Count - ListedInMessage} more");
        return $"The checkpoint has {problems.Count} problems:\n{string.Join('\n', lines)}";
    }
}
