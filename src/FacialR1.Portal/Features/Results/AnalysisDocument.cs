using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Features.Check;
using FacialR1.Portal.Features.ResponsibleUse;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Features.Results;

/// <summary>One analysis as others read it. The first ten names are those of <c>analyze --json</c>.</summary>
public sealed record AnalysisDocument(
    string Image, string Checkpoint, string? Reasoning, string? Answer, string? Emotion, IReadOnlyList<string> ActionUnits,
    IReadOnlyDictionary<string, double> EmotionProbabilities, bool? FormatOk, int Tokens, double? Seconds,
    Guid Id, AnalysisStatus Status, string Text, string? Problem, double? SecondsToFirstToken, StopReason? StopReason, int PromptTokens,
    DecodingOptions Decoding, PixelArea Crop, bool WholePicture, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, string Notice,
    int? FaceIndex, IReadOnlyList<FaceArea> Faces, JsonArray Claims, JsonObject Alignment, JsonArray? Omissions, JsonArray? Warnings)
{
    public static AnalysisDocument From(AnalysisRecord analysis, AlignmentTables tables, FacialR1.VisionLanguage.Faces.FaceReading? face)
    {
        var check = StoredCheck.Of(analysis, tables, FaceEstimates.EvidenceOf(face));
        var trace = check.Reading.Trace;
        return new AnalysisDocument(
            analysis.Photo!.OriginalName, analysis.Checkpoint, trace.Think?.Of(trace.Text).Trim().ToString(), trace.AnswerText, trace.Emotion?.Name(),
            [.. trace.ActionUnits.Select(ActionUnit.CodeOf)],
            analysis.EmotionProbabilities.OrderBy(entry => entry.Key).ToDictionary(entry => entry.Key.Name(), entry => entry.Value),
            analysis.FormatOk, analysis.Tokens, analysis.Seconds,
            analysis.Id, analysis.Status, analysis.Text, analysis.Problem, analysis.SecondsToFirstToken, analysis.StopReason, analysis.PromptTokens,
            analysis.Decoding, analysis.Crop, analysis.FaceIndex is null, analysis.CreatedAt, analysis.FinishedAt, RulesOfUse.Notice,
            analysis.FaceIndex, analysis.Photo.Faces, CheckDocument.ClaimsOf(check), CheckDocument.AlignmentOf(check.Alignment), CheckDocument.OmissionsOf(check),
            FaceDocument.WarningsOf(face));
    }
}
