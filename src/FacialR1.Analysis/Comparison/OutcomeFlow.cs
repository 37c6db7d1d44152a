using FacialR1.Analysis.Scoring;

namespace FacialR1.Analysis.Comparison;

/// <summary>Where the outcomes of one model go in the next.</summary>
/// <param name="Earlier">Name of the model that comes first.</param>
/// <param name="Later">Name of the other.</param>
/// <param name="N">Samples with both kinds of labels.</param>
/// <param name="Counts">[outcome of the earlier][outcome of the later], in the order of <see cref="AnswerOutcomes.All"/>.</param>
public sealed record OutcomeFlow(string Earlier, string Later, int N, IReadOnlyList<IReadOnlyList<int>> Counts)
{
    internal static OutcomeFlow Of(ResultSet earlier, ResultSet later)
    {
        var counts = AnswerOutcomes.All.Select(_ => new int[AnswerOutcomes.All.Count]).ToArray();
        foreach (var (before, after) in earlier.Rows.Zip(later.Rows))
            if (AnswerOutcomes.Of(before.Reading, earlier.Vocabulary) is { } from && AnswerOutcomes.Of(after.Reading, later.Vocabulary) is { } to) counts[(int)from][(int)to]++;
        return new OutcomeFlow(earlier.Name, later.Name, counts.Sum(row => row.Sum()), counts);
    }
}
