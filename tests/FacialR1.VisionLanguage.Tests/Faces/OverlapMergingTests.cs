using CsCheck;
using FacialR1.VisionLanguage.Faces;

namespace FacialR1.VisionLanguage.Tests.Faces;

public sealed class OverlapMergingTests
{
    private static FaceCandidate Square(float left, float top, float side, float score) =>
        new(left, top, left + side, top + side, score, [.. Enumerable.Repeat(new PixelPoint(left, top), 6)]);

    [Fact]
    public void Overlapping_answers_are_averaged_by_score_and_keep_the_best_score()
    {
        var face = Assert.Single(OverlapMerging.Merge([Square(0, 0, 10, 0.3f), Square(1, 1, 10, 0.9f)]));
        Assert.Equal(0.9f, face.Score);
        Assert.Equal(0.75f, face.Left, 5);
        Assert.Equal(0.75f, face.Points[0].X, 5);
    }

    [Fact]
    public void Faces_apart_stay_apart() => Assert.Equal(2, OverlapMerging.Merge([Square(0, 0, 10, 0.5f), Square(20, 0, 10, 0.9f)]).Count);

    [Fact]
    public void A_face_inside_a_better_one_is_dropped() =>
        Assert.Equal(0.9f, Assert.Single(OverlapMerging.Merge([Square(2, 2, 4, 0.5f), Square(0, 0, 20, 0.9f)])).Score);

    [Fact]
    public void What_remains_does_not_lie_inside_one_another() =>
        Gen.Select(Gen.Float[0, 50], Gen.Float[0, 50], Gen.Float[1, 30], Gen.Float[0.01f, 1]).Select((x, y, side, score) => Square(x, y, side, score)).List[0, 30]
            .Sample(candidates =>
            {
                var faces = OverlapMerging.Merge(candidates);
                Assert.Equal(candidates.Count == 0, faces.Count == 0);
                for (var i = 0; i < faces.Count; i++)
                    for (var j = 0; j < i; j++)
                        Assert.True(faces[i].Intersection(faces[j]) <= 0.601f * Math.Min(faces[i].Area, faces[j].Area));
            }, iter: 300);
}
