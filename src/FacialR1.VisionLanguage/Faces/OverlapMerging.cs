namespace FacialR1.VisionLanguage.Faces;

/// <summary>Many answers for one face become one: non-maximum suppression that averages instead of choosing (Bazarevsky et al. 2019, BlazeFace, section 4).</summary>
internal static class OverlapMerging
{
    // BlazeFace's own value for intersection over union.
    private const float SameFace = 0.3f;

    // A tile sees part of a face as a smaller face inside the whole one: little union, but the smaller box lies mostly inside.
    private const float Inside = 0.6f;

    /// <summary>Groups what overlaps, best first, and averages boxes and points weighted by the score. The best score is kept.</summary>
    public static List<FaceCandidate> Merge(IEnumerable<FaceCandidate> candidates)
    {
        var waiting = candidates.OrderByDescending(c => c.Score).ToList();
        var faces = new List<FaceCandidate>();
        while (waiting.Count > 0)
        {
            var best = waiting[0];
            var same = waiting.FindAll(c => IsSameFace(best, c));
            var face = Average(same);
            if (!faces.Exists(kept => kept.Intersection(face) > Inside * Math.Min(kept.Area, face.Area))) faces.Add(face);
            waiting.RemoveAll(c => ReferenceEquals(c, best) || IsSameFace(best, c));
        }
        return faces;
    }

    public static bool IsSameFace(FaceCandidate a, FaceCandidate b) => Overlap(a, b) > SameFace;

    private static float Overlap(FaceCandidate a, FaceCandidate b)
    {
        var shared = a.Intersection(b);
        var union = a.Area + b.Area - shared;
        return union > 0 ? shared / union : 0;
    }

    /// <summary>Boxes and points averaged by score; the score is that of the first.</summary>
    public static FaceCandidate Average(List<FaceCandidate> same)
    {
        var total = same.Sum(c => c.Score);
        float Mean(Func<FaceCandidate, float> value) => same.Sum(c => value(c) * c.Score) / total;
        var points = Enumerable.Range(0, same[0].Points.Length).Select(i => new PixelPoint(Mean(c => c.Points[i].X), Mean(c => c.Points[i].Y)));
        return new FaceCandidate(Mean(c => c.Left), Mean(c => c.Top), Mean(c => c.Right), Mean(c => c.Bottom), same[0].Score, [.. points]);
    }
}
