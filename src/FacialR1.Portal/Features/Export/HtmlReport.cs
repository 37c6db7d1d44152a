using System.Globalization;
using System.Net;
using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Check;
using FacialR1.Portal.Features.ResponsibleUse;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Features.Export;

/// <summary>One analysis as a page that needs nothing else: the picture is in it, there is no script, and every word of a model or person is escaped.</summary>
public static class HtmlReport
{
    // The page forbids itself everything but its own styles and pictures, wherever it is opened.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private const string Style =
        """
        :root{color-scheme:light dark;--line:#8886;--yes:#1b7f3b;--no:#b3261e;--open:#6b6b6b}
        @media(prefers-color-scheme:dark){:root{--yes:#7fd69a;--no:#ff9d94;--open:#b5b5b5}}
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
        figure{margin:0;max-width:28rem}figure svg{width:100%;height:auto;border-radius:8px;display:block}
        .reasoning{white-space:pre-wrap;overflow-wrap:anywhere}mark{background:none;color:inherit;border-bottom:2px dotted var(--open)}
        mark.supported{border-bottom:2px solid var(--yes)}mark.contradicted{border-bottom:3px double var(--no)}
        .scroll{overflow-x:auto}table{border-collapse:collapse}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        .number{text-align:right;font-variant-numeric:tabular-nums}.supported{color:var(--yes)}.contradicted{color:var(--no)}.unverifiable{color:var(--open)}
        mark.supported,mark.contradicted,mark.unverifiable{color:inherit}small,.quiet{opacity:.8}
        """;

    /// <summary>The whole page.</summary>
    public static string Of(AnalysisExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        var (analysis, check) = (export.Analysis, export.Check);
        var trace = check.Reading.Trace;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>").Append(Escape(analysis.Photo!.OriginalName)).Append(" · analysis</title><style>").Append(Style).Append("</style></head><body>\n");
        page.Append("<h1>").Append(Headline(trace)).Append("</h1>\n<p class=\"quiet\">").Append(Escape(analysis.Photo.OriginalName)).Append(" · checkpoint ").Append(Escape(analysis.Checkpoint))
            .Append(" · ").Append(Escape(Decoding(analysis))).Append(" · ").Append(Figures.Time(analysis.CreatedAt)).Append("</p>\n");
        if (analysis.Status != AnalysisStatus.Done) page.Append("<p><strong>Not finished: ").Append(analysis.Status.ToString().ToLowerInvariant()).Append(".</strong> ").Append(Escape(analysis.Problem)).Append("</p>\n");
        Picture(page, export);
        page.Append("<h2>Reasoning</h2>\n<p class=\"reasoning\">");
        foreach (var piece in ReasoningPiece.Split(check)) Piece(page, piece);
        page.Append("</p>\n");
        if (check.Reading.Flags.Count > 0) page.Append("<ul>").AppendJoin("", check.Reading.Flags.Select(flag => $"<li>{Escape(CheckText.Words(flag))}</li>")).Append("</ul>\n");
        Claims(page, check);
        Probabilities(page, analysis, export.Check.Reading);
        Alignment(page, export);
        page.Append("<p class=\"quiet\">").Append(Escape(RulesOfUse.Notice)).Append("</p>\n<p class=\"quiet\"><small>").Append(Escape(export.Address)).Append("</small></p>\n</body></html>\n");
        return page.ToString();
    }

    private static string Headline(ReasoningTrace trace) => trace.Emotion is { } emotion ? $"The model answers: {emotion.Name()}"
        : trace.AnswerText is { Length: > 0 } words ? $"The model answers “{Escape(words)}”, which is none of the seven labels" : "The model gave no answer";

    private static string Decoding(AnalysisRecord analysis) => analysis.Decoding.Temperature > 0
        ? FormattableString.Invariant($"sampled at temperature {analysis.Decoding.Temperature:0.##} with seed {analysis.Decoding.Seed}") : "likeliest words only";

    private static void Picture(StringBuilder page, AnalysisExport export)
    {
        var (picture, index) = (export.Picture, export.Analysis.FaceIndex);
        var seen = index is null ? "The model saw the whole picture." : $"Face {index + 1} of {export.Analysis.Photo!.Faces.Count}; the model saw a crop around the box.";
        page.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"0 0 {picture.Width} {picture.Height}\" role=\"img\" aria-label=\"{Escape("The photo. " + seen)}\">");
        page.Append(CultureInfo.InvariantCulture, $"<image width=\"{picture.Width}\" height=\"{picture.Height}\" href=\"data:image/jpeg;base64,{Convert.ToBase64String(ImageWriter.ToJpeg(picture))}\"/>");
        if (export.FaceBox is { } box)
        {
            var line = Math.Max(2, picture.Width / 200.0);
            foreach (var (colour, width) in new[] { ("#000", line * 2), ("#ffd24a", line) })
                page.Append(CultureInfo.InvariantCulture, $"<rect x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width:0.#}\"/>");
        }

        page.Append("</svg><figcaption>").Append(Escape(seen));
        if (export.Analysis.Photo!.Credit is { Length: > 0 } credit) page.Append("<br><small>").Append(Escape(credit)).Append("</small>");
        page.Append("</figcaption></figure>\n");
    }

    private static void Piece(StringBuilder page, ReasoningPiece piece)
    {
        if (!piece.IsMention) page.Append(Escape(piece.Text));
        else page.Append("<mark class=\"").Append(CheckText.Words(WorstOf(piece.Claims))).Append("\" title=\"").Append(Escape(string.Join(", ", piece.Numbers.Select(CheckText.Name)))).Append("\">").Append(Escape(piece.Text)).Append("</mark>");
    }

    /// <summary>A piece with several claims shows what is wrong with it first.</summary>
    internal static Verdict WorstOf(IReadOnlyList<CheckedClaim> claims) => claims.Any(claim => claim.Verdict == Verdict.Contradicted) ? Verdict.Contradicted
        : claims.Count > 0 && claims.All(claim => claim.Verdict == Verdict.Supported) ? Verdict.Supported : Verdict.Unverifiable;

    private static void Claims(StringBuilder page, ReasoningCheck check)
    {
        page.Append("<h2>Claims about action units</h2>\n");
        if (check.Claims.Count == 0) page.Append("<p>None was found.</p>\n");
        else
        {
            page.Append("<div class=\"scroll\"><table><thead><tr><th>Verdict</th><th>Said</th><th>Unit</th><th>For the answer</th><th>Words</th></tr></thead><tbody>\n");
            foreach (var claim in check.Claims)
            {
                var verdict = CheckText.Words(claim.Verdict);
                var weight = claim.WeightForAnswer is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:+0.00;−0.00;0.00}") : "–";
                page.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"{verdict}\">{Sign(claim.Verdict)} {verdict}</td><td>{CheckText.Words(claim.Claim.Polarity)}</td><td>{Escape(CheckText.Name(claim.Claim.ActionUnit))}</td>");
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{weight}</td><td>{Escape(claim.Claim.Span.Of(check.Reading.Trace.Text).ToString())}</td></tr>\n");
            }

            page.Append("</tbody></table></div>\n");
        }

        page.Append("<p class=\"quiet\">").Append(Escape(Evidence(check))).Append("</p>\n");
        if (check.Omissions is { Count: > 0 } left) page.Append("<p><strong>Left out:</strong> ").Append(Escape(string.Join(", ", left.Select(CheckText.Name)))).Append("</p>\n");
    }

    /// <summary>A shape beside the colour, so that neither has to be seen.</summary>
    internal static string Sign(Verdict verdict) => verdict switch { Verdict.Supported => "✓", Verdict.Contradicted => "✗", _ => "○" };

    /// <summary>What the verdicts rest on, with counts.</summary>
    internal static string Evidence(ReasoningCheck check) => check.Evidence.IsEmpty
        ? "No labels or estimates of this face are known, so no claim can be verified."
        : FormattableString.Invariant($"{check.HallucinatedMentions} of {check.VerifiableMentions} verifiable mentions are not there; {check.CoveredUnits} of {check.PresentUnits} units present were found. ")
            + (check.Evidence.HasEstimates ? "Checked against estimates, not against labels." : "Checked against labels.");

    private static void Probabilities(StringBuilder page, AnalysisRecord analysis, ReasoningClaims reading)
    {
        if (analysis.EmotionProbabilities.Count == 0) return;
        page.Append("<h2>Probabilities of the answer</h2>\n<table><tbody>");
        foreach (var emotion in Emotions.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{emotion.Name()}{(emotion == reading.Trace.Emotion ? " (the answer)" : "")}</th>");
            page.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{Escape(Figures.Percent(analysis.EmotionProbabilities.GetValueOrDefault(emotion)))}</td></tr>");
        }

        page.Append("</tbody></table>\n");
        if (reading.StatesAnswer) page.Append("<p>").Append(Escape(EmotionBars.BehindVerdict)).Append("</p>\n");
    }

    private static void Alignment(StringBuilder page, AnalysisExport export)
    {
        var alignment = export.Check.Alignment;
        if (alignment.Implied.Count == 0) return;
        page.Append("<h2>What the claims imply</h2>\n<p>").Append(string.Join(" or ", alignment.Implied.Select(emotion => emotion.Name())));
        if (alignment.Alignment is { } share) page.Append(CultureInfo.InvariantCulture, $"; alignment with the answer {share:0.000}");
        page.Append("</p>\n<p class=\"quiet\">Weights (PMI in nats) counted on ").Append(Escape(Figures.Count(export.Weights.N))).Append(" samples of training labels: ").Append(Escape(export.Weights.Source)).Append(". A reading aid, not a probability.</p>\n");
    }

    private static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");
}
