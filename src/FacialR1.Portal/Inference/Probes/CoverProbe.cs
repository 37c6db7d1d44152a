using FacialR1.Analysis.Faithfulness;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Inference.Probes;

/// <summary>What if these parts of the face could not be seen? The same response is read again, and a new one is written.</summary>
/// <param name="Parts">Keys of parts; unknown ones cover nothing.</param>
public sealed record CoverProbe(IReadOnlyList<string> Parts, Filling Filling) : IProbe<CoveredAnswer>
{
    public string Key => $"cover/1/{Filling}/{string.Join(',', Parts.Order(StringComparer.Ordinal))}";

    public async Task<CoveredAnswer> AskAsync(ProbedAnswer subject, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var face = subject.Face;
        var parts = (subject.Landmarks is { } landmarks ? OccludedPart.Of(landmarks) : OccludedPart.Grid).Where(part => Parts.Contains(part.Key)).ToArray();
        var covering = new Covering(face, Filling);
        var masks = parts.Select(part => PixelMask.Of(part.Outline, face.Width, face.Height)).ToArray();
        var covered = masks.Length == 0 ? face : covering.Cover(masks.Aggregate((a, b) => a.Or(b)));
        var readings = await subject.Model.ReadAsync([.. new[] { face, covered }.Select(one => new ForcedText(one, AnswerCue.TextUpTo(subject.Reading.Trace)))], null, cancellationToken);
        progress.Report(0.5);
        return new CoveredAnswer(ProbeReading.Of(readings[0]), ProbeReading.Of(readings[1]), await subject.WriteOnAsync(covered, "", cancellationToken));
    }
}

/// <param name="Whole">The response before the whole face.</param>
/// <param name="Covered">The same response before the covered face.</param>
/// <param name="Anew">What the model writes when it sees only the covered face.</param>
public sealed record CoveredAnswer(ProbeReading Whole, ProbeReading Covered, ProbedText Anew);
