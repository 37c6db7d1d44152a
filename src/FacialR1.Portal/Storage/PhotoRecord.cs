using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Storage;

/// <summary>One uploaded picture, upright and without metadata.</summary>
public sealed class PhotoRecord
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Photos chosen together.</summary>
    public Guid BatchId { get; init; }

    /// <summary>SHA-256 of the stored file, in hexadecimal; the file is named after it.</summary>
    public required string Hash { get; init; }

    /// <summary>The name the file had. Text to show, never part of a path.</summary>
    public required string OriginalName { get; init; }

    public int Width { get; init; }
    public int Height { get; init; }
    public DateTimeOffset UploadedAt { get; init; }

    /// <summary>Largest first.</summary>
    public IReadOnlyList<FaceArea> Faces { get; init; } = [];

    /// <summary>What allows the use of this picture, as the person who uploaded it said.</summary>
    public LegalBasis LegalBasis { get; init; }

    /// <summary>Author and licence of a bundled sample.</summary>
    public string? Credit { get; init; }

    public List<AnalysisRecord> Analyses { get; init; } = [];
}

/// <summary>A rectangle in pixels of the stored photo; it may reach beyond the edges.</summary>
public sealed record PixelArea(int X, int Y, int Width, int Height);

/// <summary>A face the detector found, and the square around it that a model gets to see.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Tilt">Degrees by which the square is turned clockwise about its centre, with a tilted head; 0 is upright.</param>
public sealed record FaceArea(PixelArea Box, PixelArea Crop, double Score, double Tilt = 0)
{
    /// <summary>The turned square.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public FaceFrame Frame => new(new PixelBox(Crop.X, Crop.Y, Crop.Width, Crop.Height), Tilt);
}

/// <summary>What allows the use of a picture.</summary>
public enum LegalBasis { Unstated, OwnPhoto, Consent, LicensedData, Synthetic }
