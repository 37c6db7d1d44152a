namespace FacialR1.Analysis.Scoring;

/// <summary>A part of the samples and how many of them a measure holds for.</summary>
/// <param name="Name">What divides the samples: one of the names below, or a name of the metadata.</param>
/// <param name="Value">Which part: "anger", "AU12", a subject, a value of the metadata.</param>
/// <param name="Hits">Samples for which the measure holds.</param>
/// <param name="Samples">In the part.</param>
public sealed record SliceCount(string Name, string Value, int Hits, int Samples)
{
    public const string Emotion = "emotion", Unit = "action unit", Subject = "subject";
}
