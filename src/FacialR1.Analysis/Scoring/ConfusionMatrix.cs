using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Scoring;

/// <summary>How often each emotion was answered as which: rows are the truth, columns the answers, the last column the answers that could not be read.</summary>
/// <param name="Labels">Names of the rows.</param>
/// <param name="Columns">Names of the columns: the labels, then "unparsed".</param>
/// <param name="Counts">[row][column].</param>
public sealed record ConfusionMatrix(IReadOnlyList<string> Labels, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<int>> Counts)
{
    private const string Unparsed = "unparsed";

    /// <summary>How often the truth was answered so; null stands for an answer that could not be read.</summary>
    public int Count(Emotion truth, Emotion? answer) => Counts[(int)truth][answer is { } emotion ? (int)emotion : Emotions.All.Count];

    /// <summary>Counts the samples that have an emotion label.</summary>
    public static ConfusionMatrix Of(IEnumerable<EvaluationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var counts = Emotions.All.Select(_ => new int[Emotions.All.Count + 1]).ToArray();
        foreach (var row in rows)
            if (row.Labels.Emotion is { } truth) counts[(int)truth][row.Emotion is { } answer ? (int)answer : Emotions.All.Count]++;
        string[] names = [.. Emotions.All.Select(Emotions.Name)];
        return new ConfusionMatrix(names, [.. names, Unparsed], counts);
    }
}
