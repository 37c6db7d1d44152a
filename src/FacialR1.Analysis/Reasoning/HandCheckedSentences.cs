using System.Globalization;

namespace FacialR1.Analysis.Reasoning;

/// <summary>
/// Sentences with the claims a person reads in them. One line: the sentence, a tab, the claims with spaces between them or "none": <c>12</c> asserted,
/// <c>-12</c> negated, <c>?12</c> hedged; then, only where it was noted, <c>/L /R /1 /2</c> for left, right, one, both sides and <c>:A … :E</c> for the intensity.
/// </summary>
public static class HandCheckedSentences
{
    /// <summary>A claim a person read; side and intensity where they were noted.</summary>
    public sealed record Expected(int ActionUnit, ClaimPolarity Polarity, FaceSide? Side, ClaimIntensity? Intensity);

    /// <summary>A sentence with all claims in it.</summary>
    public sealed record Sentence(string Text, IReadOnlyList<Expected> Claims);

    /// <param name="lines">As described above; empty ones are left out.</param>
    /// <exception cref="FormatException">A line is not of this form; the message quotes it.</exception>
    public static IReadOnlyList<Sentence> Read(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.Length > 0).Select(line => line.Split('\t') is [var text, var claims]
            ? new Sentence(text, claims == "none" ? [] : [.. claims.Split(' ').Select(Parse)])
            : throw new FormatException($"Expected a sentence, a tab and its claims, but found: {line}")),
    ];

    private static Expected Parse(string code)
    {
        var polarity = code[0] switch { '-' => ClaimPolarity.Negated, '?' => ClaimPolarity.Hedged, _ => ClaimPolarity.Asserted };
        var rest = polarity == ClaimPolarity.Asserted ? code : code[1..];
        ClaimIntensity? intensity = rest.Contains(':') ? (ClaimIntensity)(rest[rest.IndexOf(':') + 1] - 'A' + 1) : null;
        FaceSide? side = rest.Contains('/') ? rest[rest.IndexOf('/') + 1] switch { 'L' => FaceSide.Left, 'R' => FaceSide.Right, '1' => FaceSide.OneSide, _ => FaceSide.Both } : null;
        return new Expected(int.Parse(rest.Split(':', '/')[0], CultureInfo.InvariantCulture), polarity, side, intensity);
    }

    /// <summary>Counts over pairs of unit and polarity, each once per sentence; side and intensity over the pairs found where a person noted them.</summary>
    public sealed record Agreement(int Sentences, int Expected, int Found, int Right, int Noted, int NotedRight, IReadOnlyList<string> Differences)
    {
        /// <summary>Share of the found that a person reads, too.</summary>
        public double Precision => (double)Right / Found;

        /// <summary>Share of what a person reads that was found.</summary>
        public double Recall => (double)Right / Expected;
    }

    /// <summary>Reads each sentence with <see cref="ClaimReader"/> and counts.</summary>
    public static Agreement Compare(IReadOnlyList<Sentence> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        var (expected, found, right, noted, notedRight) = (0, 0, 0, 0, 0);
        var differences = new List<string>();
        foreach (var sentence in sentences)
        {
            var claims = ClaimReader.Read(sentence.Text).Claims;
            var wanted = sentence.Claims.Select(claim => (claim.ActionUnit, claim.Polarity)).ToHashSet();
            var got = claims.Select(claim => (claim.ActionUnit, claim.Polarity)).ToHashSet();
            (expected, found, right) = (expected + wanted.Count, found + got.Count, right + wanted.Intersect(got).Count());
            if (!wanted.SetEquals(got)) differences.Add($"{sentence.Text} | expected {Show(wanted)} | found {Show(got)}");
            foreach (var claim in sentence.Claims.Where(claim => (claim.Side is not null || claim.Intensity is not null) && got.Contains((claim.ActionUnit, claim.Polarity))))
            {
                noted++;
                if (claims.Any(other => other.ActionUnit == claim.ActionUnit && (claim.Side is null || other.Side == claim.Side) && (claim.Intensity is null || other.Intensity == claim.Intensity))) notedRight++;
                else differences.Add($"{sentence.Text} | side or intensity of {claim.ActionUnit}: {string.Join(", ", claims.Select(other => $"{other.ActionUnit} {other.Side} {other.Intensity}"))}");
            }
        }

        return new Agreement(sentences.Count, expected, found, right, noted, notedRight, differences);

        static string Show(IEnumerable<(int ActionUnit, ClaimPolarity Polarity)> claims) =>
            string.Join(' ', claims.Order().Select(claim => claim.Polarity switch { ClaimPolarity.Negated => "-", ClaimPolarity.Hedged => "?", _ => "" } + claim.ActionUnit));
    }
}
