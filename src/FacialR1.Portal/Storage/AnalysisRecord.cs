using FacialR1.Analysis;
using FacialR1.Analysis.Facs;

namespace FacialR1.Portal.Storage;

/// <summary>One look of a checkpoint at one face, asked for and answered.</summary>
public sealed class AnalysisRecord
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PhotoId { get; init; }
    public PhotoRecord? Photo { get; init; }

    /// <summary>Position in <see cref="PhotoRecord.Faces"/>; null when the whole picture was taken.</summary>
    public int? FaceIndex { get; init; }

    /// <summary>The part of the photo the model saw, and the stored picture of it.</summary>
    public required PixelArea Crop { get; init; }
    public required string CropHash { get; init; }

    public required string Checkpoint { get; init; }
    public required DecodingOptions Decoding { get; init; }

    public AnalysisStatus Status { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>What the model wrote, tags included. The parsed columns below are derived from it for searching.</summary>
    public string Text { get; set; } = "";
    public string? Emotion { get; set; }

    /// <summary>Codes with a space between them, as in <c>AU6 AU12</c>.</summary>
    public string ActionUnits { get; set; } = "";
    public bool? FormatOk { get; set; }
    public IReadOnlyDictionary<Emotion, double> EmotionProbabilities { get; set; } = new Dictionary<Emotion, double>();

    public StopReason? StopReason { get; set; }
    public int PromptTokens { get; set; }
    public int Tokens { get; set; }
    public double? SecondsToFirstToken { get; set; }
    public double? Seconds { get; set; }

    /// <summary>Why it failed, in words for the person who asked.</summary>
    public string? Problem { get; set; }
}
