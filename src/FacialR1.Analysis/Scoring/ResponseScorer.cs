using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Scoring;

/// <summary>Scores one response against its labels: the only place where a response is judged right or wrong.</summary>
public static class ResponseScorer
{
    /// <summary>Computes every component.</summary>
    /// <param name="trace">The parsed response.</param>
    /// <param name="labels">What is true.</param>
    /// <param name="vocabulary">The units annotated in this data; a claim outside it cannot be checked. Null: all units were annotated.</param>
    public static ResponseScore Score(ReasoningTrace trace, ResponseLabels labels, IReadOnlyCollection<int>? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(labels);
        var emotionCorrect = labels.Emotion is { } emotion ? trace.Emotion == emotion : (bool?)null;
        var format = trace.FormatOk ? 1.0 : 0.0;
        if (labels.ActionUnits is null) return new ResponseScore(format, emotionCorrect, null, [], [], [], trace.ActionUnits);

        bool Verifiable(int unit) => vocabulary is null || vocabulary.Contains(unit);
        var truth = labels.ActionUnits.Where(Verifiable).ToHashSet();
        var claimed = trace.ActionUnits.Where(Verifiable).ToArray();
        return new ResponseScore(
            format, emotionCorrect, F1(claimed, truth),
            Found: [.. claimed.Where(truth.Contains)],
            Hallucinated: [.. claimed.Where(unit => !truth.Contains(unit))],
            Missed: [.. truth.Except(claimed).Order()],
            Unverifiable: [.. trace.ActionUnits.Where(unit => !Verifiable(unit))]);
    }

    /// <summary>2·|P ∩ G| / (|P| + |G|) of two sets, 1 when both are empty.</summary>
    internal static double F1(IReadOnlyCollection<int> claimed, HashSet<int> truth)
    {
        var sum = claimed.Count + truth.Count;
        return sum == 0 ? 1 : 2.0 * claimed.Count(truth.Contains) / sum;
    }
}
