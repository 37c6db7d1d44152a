using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Features.Export;

/// <summary>All that a report of one analysis shows: read once, drawn without I/O.</summary>
/// <param name="Analysis">With its photo.</param>
/// <param name="Check">Its text, taken apart and held against what is known of the face.</param>
/// <param name="Weights">Where the weights of the alignment come from.</param>
/// <param name="Picture">The photo, at most <see cref="LongestSide"/> pixels a side.</param>
/// <param name="Address">The link of the analysis in the portal that wrote the report.</param>
public sealed record AnalysisExport(AnalysisRecord Analysis, ReasoningCheck Check, PmiTable Weights, RgbImage Picture, string Address)
{
    /// <summary>Enough to see a face, and small enough to send a report by mail.</summary>
    public const int LongestSide = 1024;

    /// <summary>The name a report is saved under, without its ending: only characters that every file system takes.</summary>
    public string FileName => $"analysis-{Analysis.Id.ToString("N")[..12]}";

    /// <summary>The face box in pixels of <see cref="Picture"/>; null when the whole picture was taken.</summary>
    public (double X, double Y, double Width, double Height)? FaceBox
    {
        get
        {
            if (Analysis.FaceIndex is not { } index || index >= Analysis.Photo!.Faces.Count) return null;
            var (box, scale) = (Analysis.Photo.Faces[index].Box, (double)Picture.Width / Analysis.Photo.Width);
            var (left, top) = (Math.Max(0, box.X), Math.Max(0, box.Y));
            var (right, bottom) = (Math.Min(Analysis.Photo.Width, box.X + box.Width), Math.Min(Analysis.Photo.Height, box.Y + box.Height));
            return (left * scale, top * scale, (right - left) * scale, (bottom - top) * scale);
        }
    }

    /// <summary>Reads the picture and checks the text.</summary>
    /// <exception cref="FileNotFoundException">The stored picture is gone.</exception>
    public static async Task<AnalysisExport> ReadAsync(AnalysisRecord analysis, ImageStore images, AlignmentTables tables, Analysis.Verification.FaceEvidence evidence, string address, CancellationToken cancellationToken)
    {
        var bytes = await images.ReadAsync(analysis.Photo!.Hash, cancellationToken);
        var picture = await Task.Run(() => ModelView.FitInto(ImageReader.Read(bytes), LongestSide), cancellationToken);
        return new AnalysisExport(analysis, StoredCheck.Of(analysis, tables, evidence), tables.Weights, picture, address);
    }
}
