using System.Globalization;
using System.Text;
using FacialR1.Analysis.Comparison;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>What answers of a server took, in words.</summary>
public static class ServedText
{
    public static string Of(ServedTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{totals.Answers:N0} answers of a server"));
        if (totals.Counted > 0)
            text.Append(CultureInfo.InvariantCulture, $": {totals.PromptTokens:N0} prompt tokens and {totals.AnswerTokens:N0} answer tokens{(totals.Counted < totals.Answers ? $" in the {totals.Counted} that it counted" : "")}");
        if (totals.Cost is { } cost)
            text.Append(CultureInfo.InvariantCulture, $", {Money(cost, totals.Currency)}{(totals.Priced < totals.Answers ? $" for the {totals.Priced} with a known price" : "")}");
        return text.Append("; ").Append(totals.Fingerprints.Count switch
        {
            0 => "the server gives no fingerprint.",
            1 => $"fingerprint {totals.Fingerprints[0]}.",
            _ => $"{totals.Fingerprints.Count} fingerprints ({string.Join(", ", totals.Fingerprints)}): the server changed on the way.",
        }).ToString();
    }

    /// <summary>"0.0123 USD".</summary>
    public static string Money(decimal cost, string? currency) => $"{cost.ToString(cost >= 1 ? "0.00" : "0.######", CultureInfo.InvariantCulture)} {currency}".TrimEnd();
}
