namespace FacialR1.Analysis.Comparison;

/// <summary>What the answers of a model behind a server took together.</summary>
/// <param name="Answers">Answers of a server.</param>
/// <param name="Counted">Those whose tokens the server counted; the sums cover these.</param>
/// <param name="PromptTokens">Tokens of pictures and prompts.</param>
/// <param name="AnswerTokens">Tokens written.</param>
/// <param name="Priced">Answers whose cost is known; <paramref name="Cost"/> covers these.</param>
/// <param name="Cost">Sum, in <paramref name="Currency"/>; null when no price was configured, or prices in several currencies.</param>
/// <param name="Currency">Null without a cost.</param>
/// <param name="Fingerprints">Different system fingerprints, in the order met: more than one, and the server changed on the way.</param>
public sealed record ServedTotals(
    int Answers, int Counted, long PromptTokens, long AnswerTokens, int Priced, decimal? Cost, string? Currency, IReadOnlyList<string> Fingerprints)
{
    /// <summary>Sums up; null when none of the answers comes from a server.</summary>
    public static ServedTotals? Of(IEnumerable<ResultRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ResultRow[] served = [.. rows.Where(row => row.Served is not null)];
        if (served.Length == 0) return null;
        ResultRow[] counted = [.. served.Where(row => row.Served!.PromptTokens is not null)];
        ResultRow[] priced = [.. served.Where(row => row.Served!.Cost is not null)];
        string[] currencies = [.. priced.Select(row => row.Served!.Currency ?? "").Distinct()];
        var isOne = currencies.Length == 1;
        return new ServedTotals(
            served.Length, counted.Length, counted.Sum(row => (long)row.Served!.PromptTokens!.Value), counted.Sum(row => (long)row.Tokens),
            priced.Length, isOne ? priced.Sum(row => row.Served!.Cost!.Value) : null, isOne ? currencies[0] : null,
            [.. served.Select(row => row.Served!.Fingerprint).OfType<string>().Distinct()]);
    }
}
