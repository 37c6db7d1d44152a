using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Statistics;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class PixelMaskTests
{
    private static readonly FacePoint[] Quarter = [new(0, 0), new(0.5, 0), new(0.5, 0.5), new(0, 0.5)];

    [Fact]
    public void A_mask_holds_the_pixels_whose_centres_lie_inside()
    {
        var mask = PixelMask.Of(Quarter, 10, 8);
        Assert.Equal(20, mask.Area);
        Assert.True(mask[0, 0] && mask[4, 3]);
        Assert.False(mask[5, 3] || mask[4, 4]);
        Assert.Equal(60, mask.Inverted().Area);
        Assert.Equal(32, PixelMask.Of([new(0, 0), new(1, 0), new(0, 1)], 8, 8).Area, 4.0);
    }

    [Fact]
    public void What_reaches_beyond_the_picture_is_cut_off()
    {
        Assert.Equal(25, PixelMask.Of([new(-1, -1), new(0.5, -1), new(0.5, 0.5), new(-1, 0.5)], 10, 10).Area);
        Assert.Equal(0, PixelMask.Of([new(2, 2), new(3, 2), new(3, 3)], 10, 10).Area);
    }

    [Fact]
    public void Neighbouring_cells_share_no_pixel_and_leave_none_out()
    {
        var right = PixelMask.Of([new(0.5, 0), new(1, 0), new(1, 0.5), new(0.5, 0.5)], 9, 9);
        var left = PixelMask.Of(Quarter, 9, 9);
        Assert.Equal(left.Area + right.Area, left.Or(right).Area);
    }

    [Fact]
    public void The_control_has_the_same_area_elsewhere_and_the_seed_decides_where()
    {
        var mask = PixelMask.Of([new(0.3, 0.3), new(0.5, 0.25), new(0.6, 0.5), new(0.35, 0.55)], 60, 40);
        for (ulong seed = 0; seed < 20; seed++)
        {
            var control = mask.Elsewhere(new Pcg32(seed));
            Assert.Equal(mask.Area, control.Area);
            Assert.True(control.Or(mask).Area > 1.5 * mask.Area);
            Assert.Equal(control.Or(mask).Area, mask.Elsewhere(new Pcg32(seed)).Or(mask).Area);
        }
    }

    [Theory]
    [InlineData(Filling.Blur)]
    [InlineData(Filling.Mean)]
    public void Covering_changes_the_pixels_of_the_mask_and_no_other(Filling filling)
    {
        var pixels = new byte[10 * 8 * 3];
        new Random(1).NextBytes(pixels);
        var image = new RgbImage(10, 8, pixels);
        var mask = PixelMask.Of(Quarter, 10, 8);
        var covered = new Covering(image, filling).Cover(mask);
        var changed = 0;
        for (var y = 0; y < 8; y++)
            for (var x = 0; x < 10; x++)
            {
                var isSame = covered.Row(y).Slice(3 * x, 3).SequenceEqual(image.Row(y).Slice(3 * x, 3));
                if (mask[x, y]) changed += isSame ? 0 : 1;
                else Assert.True(isSame);
            }

        Assert.True(changed >= 18);
        if (filling == Filling.Mean) Assert.Equal(covered.Row(0)[..3].ToArray(), covered.Row(3).Slice(12, 3).ToArray());
    }
}
