using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Statistics;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;

namespace FacialR1.Portal.Inference.Probes;

/// <summary>
/// Covers one part of the face after another and reads the same response again: how much less likely become its answer and its words? Beside each part the same shape is
/// covered elsewhere, as a control. Then parts are removed and revealed in the order of what they did to the answer, and the parts the reasoning names are taken together.
/// </summary>
public sealed record OcclusionProbe(Filling Filling) : IProbe<OcclusionMap>
{
    /// <summary>Places drawn as control for each part.</summary>
    public const int Controls = 2;

    private const ulong Seed = 1;

    public string Key => $"occlusion/1/{Filling}";

    public async Task<OcclusionMap> AskAsync(ProbedAnswer subject, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var (face, text) = (subject.Face, AnswerCue.TextUpTo(subject.Reading.Trace));
        var parts = subject.Landmarks is { } landmarks ? OccludedPart.Of(landmarks) : OccludedPart.Grid;
        var covering = new Covering(face, Filling);
        var random = new Pcg32(Seed);
        var masks = parts.Select(part => PixelMask.Of(part.Outline, face.Width, face.Height)).ToArray();
        var pictures = new List<RgbImage> { face };
        foreach (var mask in masks)
        {
            pictures.Add(covering.Cover(mask));
            for (var control = 0; control < Controls; control++) pictures.Add(covering.Cover(mask.Elsewhere(random)));
        }

        var raw = await ReadAsync(pictures, 0, 0.6);
        var readings = raw.Select(ProbeReading.Of).ToArray();
        var answer = subject.Answer ?? readings[0].Emotions.MaxBy(entry => entry.Value).Key;
        var occluded = parts.Select((part, index) => new PartOcclusion(
            part.Key, part.Name, part.Outline, masks[index].Area, [.. subject.Reading.AssertedActionUnits.Where(part.Shows)],
            readings[1 + index * (1 + Controls)], readings[(2 + index * (1 + Controls))..(1 + (index + 1) * (1 + Controls))])).ToArray();

        // What each part did to the answer gives the order in which they go and come.
        double P(ProbeReading reading) => reading.Emotions.GetValueOrDefault(answer);
        var order = Enumerable.Range(0, parts.Count).OrderBy(index => P(occluded[index].Covered)).ThenBy(index => index).ToArray();
        var cited = parts.Index().Where(part => occluded[part.Index].ActionUnits.Count > 0).Select(part => masks[part.Index]).ToArray();
        List<RgbImage> more = [];
        for (var gone = 1; gone <= order.Length; gone++) more.Add(covering.Cover(Union(order.Take(gone).Select(index => masks[index]))));
        for (var shown = 1; shown < order.Length; shown++) more.Add(covering.Cover(Union(order.Skip(shown).Select(index => masks[index]))));
        if (cited.Length > 0)
        {
            var union = Union(cited);
            var elsewhere = union.Elsewhere(random);
            more.AddRange([covering.Cover(union), covering.Cover(union.Inverted()), covering.Cover(elsewhere), covering.Cover(elsewhere.Inverted())]);
        }

        var rest = (await ReadAsync(more, 0.6, 1)).Select(reading => P(ProbeReading.Of(reading))).ToArray();
        double[] deletion = [P(readings[0]), .. rest[..order.Length]];
        // Revealing begins where removing ended and ends with the whole face.
        double[] insertion = [rest[order.Length - 1], .. rest[order.Length..(2 * order.Length - 1)], P(readings[0])];
        return new OcclusionMap
        {
            Filling = Filling, Answer = answer, Text = text, IsGrid = subject.Landmarks is null, Tokens = [.. raw[0].Tokens.Select(token => token.Span)], Whole = readings[0], Parts = occluded,
            Order = [.. order.Select(index => parts[index].Key)], Deletion = deletion, Insertion = insertion,
            Cited = cited.Length == 0 ? null : new CitedParts(rest[^4], rest[^3], rest[^2], rest[^1]),
        };

        Task<IReadOnlyList<ForcedReading>> ReadAsync(IReadOnlyList<RgbImage> faces, double from, double to) =>
            subject.Model.ReadAsync([.. faces.Select(one => new ForcedText(one, text))], new ShareOf(progress, from, to, faces.Count), cancellationToken);
    }

    private static PixelMask Union(IEnumerable<PixelMask> masks) => masks.Aggregate((a, b) => a.Or(b));
}

/// <summary>One part covered, and the same shape elsewhere.</summary>
/// <param name="Area">Pixels covered, the same for the controls.</param>
/// <param name="ActionUnits">Units asserted in the reasoning that show here.</param>
public sealed record PartOcclusion(
    string Key, string Name, IReadOnlyList<FacePoint> Outline, int Area, IReadOnlyList<int> ActionUnits, ProbeReading Covered, IReadOnlyList<ProbeReading> Controls);

/// <summary>p of the answer without the parts that the reasoning names, with them only, and the same for a place of equal shape and area elsewhere.</summary>
public sealed record CitedParts(double Without, double Only, double ControlWithout, double ControlOnly);

/// <summary>What covering did.</summary>
public sealed record OcclusionMap
{
    public required Filling Filling { get; init; }
    public required Emotion Answer { get; init; }

    /// <summary>The response up to its opened answer tag, read again each time.</summary>
    public required string Text { get; init; }

    /// <summary>No points of the face were known: a fixed grid was covered instead.</summary>
    public required bool IsGrid { get; init; }

    /// <summary>The characters of each token.</summary>
    public required IReadOnlyList<TextSpan> Tokens { get; init; }
    public required ProbeReading Whole { get; init; }
    public required IReadOnlyList<PartOcclusion> Parts { get; init; }

    /// <summary>Keys of the parts, what mattered most first.</summary>
    public required IReadOnlyList<string> Order { get; init; }

    /// <summary>p of the answer as parts go, from none to all; and as they come back.</summary>
    public required IReadOnlyList<double> Deletion { get; init; }
    public required IReadOnlyList<double> Insertion { get; init; }

    /// <summary>Null when no asserted unit has a part.</summary>
    public CitedParts? Cited { get; init; }

    /// <summary>p of the target with something covered: of the answer, or of the words of a span.</summary>
    public double ProbabilityOf(ProbeReading reading, TextSpan? target)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (target is not { } span) return reading.Emotions.GetValueOrDefault(Answer);
        return Math.Exp(Tokens.Index().Where(token => token.Item.Start < span.End && token.Item.End > span.Start).Sum(token => reading.Logs[token.Index]));
    }

    /// <summary>How much less likely the target is with this part covered; below 0: more likely.</summary>
    public double DropOf(PartOcclusion part, TextSpan? target) => ProbabilityOf(Whole, target) - ProbabilityOf(part.Covered, target);

    /// <summary>The same for each control.</summary>
    public IReadOnlyList<double> ControlDropsOf(PartOcclusion part, TextSpan? target) => [.. part.Controls.Select(control => ProbabilityOf(Whole, target) - ProbabilityOf(control, target))];
}
