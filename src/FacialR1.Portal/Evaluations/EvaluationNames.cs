using System.Globalization;
using FacialR1.Analysis;

namespace FacialR1.Portal.Evaluations;

/// <summary>File names of results. What decides the answers is in the name, so that another evaluation never meets the file of this one.</summary>
public static class EvaluationNames
{
    private const int HashDigits = 8;

    /// <summary>"mini-1a2b3c4d.fer-au-val", with what differs from greedy decoding and from all samples behind it.</summary>
    /// <param name="model">As tables call it.</param>
    /// <param name="sha256">Of its weights; null where they are not here.</param>
    /// <param name="benchmark">"fer-au/val".</param>
    /// <param name="decoding">How tokens are chosen.</param>
    /// <param name="limit">Only the first samples; null for all.</param>
    public static string Of(string model, string? sha256, string benchmark, DecodingOptions decoding, int? limit)
    {
        ArgumentNullException.ThrowIfNull(decoding);
        var name = $"{Plain(model)}{(sha256 is null ? "" : $"-{sha256[..HashDigits]}")}.{Plain(benchmark)}";
        if (decoding.Temperature > 0) name += string.Create(CultureInfo.InvariantCulture, $".t{decoding.Temperature:0.##}-p{decoding.TopP:0.##}-k{decoding.TopK}-s{decoding.Seed}");
        if (decoding.RepetitionPenalty > 1) name += string.Create(CultureInfo.InvariantCulture, $".r{decoding.RepetitionPenalty:0.###}");
        if (decoding.MaxTokens != EvaluationDesk.UsualDecoding.MaxTokens) name += string.Create(CultureInfo.InvariantCulture, $".max{decoding.MaxTokens}");
        if (limit is { } samples) name += string.Create(CultureInfo.InvariantCulture, $".first{samples}");
        return name;
    }

    /// <summary>Letters, digits, "-", "_" and inner dots; anything else becomes "-".</summary>
    private static string Plain(string text)
    {
        var plain = string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')).Trim('.', '-');
        return plain.Length == 0 ? "unnamed" : plain[..Math.Min(plain.Length, 80)];
    }
}
