using FacialR1.Analysis.Statistics;
using FacialR1.Training.Benchmarks;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Tests.Benchmarks;

public sealed class FaceBenchmarkTests
{
    private static readonly FaceSample White = new("white", [.. Enumerable.Repeat((byte)255, 48 * 48)], 48, null, null, null, null);

    [Fact]
    public void The_same_numbers_draw_the_same_picture_and_others_another()
    {
        var (one, same, other) = (PastedFace.Draw(White, new Pcg32(1)), PastedFace.Draw(White, new Pcg32(1)), PastedFace.Draw(White, new Pcg32(2)));
        Assert.Equal(one.Picture.Pixels, same.Picture.Pixels);
        Assert.NotEqual(one.Picture.Pixels, other.Picture.Pixels);
    }

    [Fact]
    public void The_photo_lies_wholly_inside_where_it_is_said_to_lie()
    {
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var (pasted, empty) = (PastedFace.Draw(White, new Pcg32(7, (ulong)seed)), PastedFace.Draw(White with { Pixels = new byte[48 * 48] }, new Pcg32(7, (ulong)seed)));
            var changed = Enumerable.Range(0, pasted.Picture.Width * pasted.Picture.Height).Where(place => pasted.Picture.Pixels[3 * place] != empty.Picture.Pixels[3 * place]).ToArray();
            Assert.InRange(changed.Length, 0.98 * pasted.Side * pasted.Side, 1.02 * pasted.Side * pasted.Side);
            Assert.InRange(changed.Average(place => place % pasted.Picture.Width + 0.5), pasted.CentreX - 0.5, pasted.CentreX + 0.5);
            Assert.InRange(changed.Average(place => place / pasted.Picture.Width + 0.5), pasted.CentreY - 0.5, pasted.CentreY + 0.5);
            Assert.InRange(Math.Abs(pasted.Degrees), 0, PastedFace.LargestTilt);
        }
    }

    [Fact]
    public void A_box_counts_where_the_face_is_and_nowhere_else()
    {
        var upright = new PastedFace(new RgbImage(200, 200, new byte[120_000]), 100, 100, 80, 0);
        Assert.True(upright.IsAt(100, 108, 67));
        Assert.False(upright.IsAt(100, 140, 67));
        Assert.False(upright.IsAt(100, 108, 20));
        Assert.False(upright.IsAt(100, 108, 160));
        // Turned clockwise by a quarter, the chin points to the left.
        Assert.True((upright with { Degrees = 90 }).IsAt(80, 100, 67));
        Assert.False((upright with { Degrees = 90 }).IsAt(120, 100, 67));
    }

    [Fact]
    public void Damage_is_the_same_for_the_same_numbers_and_leaves_the_original_alone()
    {
        byte[] file = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
        byte[] kept = [.. file];
        Assert.Equal(DamagedFile.Of(file, new Pcg32(4)), DamagedFile.Of(file, new Pcg32(4)));
        Assert.True(Enumerable.Range(0, 100).Count(seed => !DamagedFile.Of(file, new Pcg32(9, (ulong)seed)).SequenceEqual(file)) >= 95);
        Assert.Equal(kept, file);
        Assert.Empty(DamagedFile.Of([], new Pcg32(1)));
    }
}
