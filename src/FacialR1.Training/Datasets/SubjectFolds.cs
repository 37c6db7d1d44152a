using FacialR1.Training.Data;

namespace FacialR1.Training.Datasets;

/// <summary>Divisions in which no subject is on both sides. The lists are those of published three-fold protocols.</summary>
public static class SubjectFolds
{
    /// <summary>DISFA: three folds of nine subjects.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Disfa { get; } =
    [
        ["SN002", "SN010", "SN001", "SN026", "SN027", "SN032", "SN030", "SN009", "SN016"],
        ["SN013", "SN018", "SN011", "SN028", "SN012", "SN006", "SN031", "SN021", "SN024"],
        ["SN003", "SN029", "SN023", "SN025", "SN008", "SN005", "SN007", "SN017", "SN004"],
    ];

    /// <summary>BP4D: three folds of 14, 14 and 13 subjects.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Bp4d { get; } =
    [
        ["F001", "F002", "F008", "F009", "F010", "F016", "F018", "F023", "M001", "M004", "M007", "M008", "M012", "M014"],
        ["F003", "F005", "F011", "F013", "F020", "F022", "M002", "M005", "M010", "M011", "M013", "M016", "M017", "M018"],
        ["F004", "F006", "F007", "F012", "F014", "F015", "F017", "F019", "F021", "M003", "M006", "M009", "M015"],
    ];

    /// <summary>The fold of a subject, from 1; null when it is in none.</summary>
    public static int? Of(string subject, IReadOnlyList<IReadOnlyList<string>> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        for (var fold = 0; fold < folds.Count; fold++)
            if (folds[fold].Contains(subject)) return fold + 1;
        return null;
    }

    /// <summary>Training and held-out samples of one fold.</summary>
    /// <exception cref="DataFormatException">A sample has no fold or no subject, or a subject is in two folds.</exception>
    public static (IReadOnlyList<BenchmarkSample> Train, IReadOnlyList<BenchmarkSample> HeldOut) Divide(IReadOnlyList<BenchmarkSample> samples, int fold)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.FirstOrDefault(sample => sample.Fold is null || sample.Subject is null) is { } without)
            throw new DataFormatException($"Sample \"{without.Id}\" has no fold or no subject; a subject-exclusive division needs both.");
        var folds = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var sample in samples)
            if (!folds.TryAdd(sample.Subject!, sample.Fold!.Value) && folds[sample.Subject!] != sample.Fold)
                throw new DataFormatException($"Subject \"{sample.Subject}\" is in fold {folds[sample.Subject!]} and in fold {sample.Fold}; frames of one person must not be on both sides.");
        return ([.. samples.Where(sample => sample.Fold != fold)], [.. samples.Where(sample => sample.Fold == fold)]);
    }
}
