using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class PatchExtractorTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var parity in ParityCase.All()) data.Add(parity.Folder, parity.Name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Patches_equal_those_of_the_reference(string folder, string name)
    {
        var parity = new ParityCase(folder, name);
        var extractor = new PatchExtractor(ImageProcessorOptions.FromFolder(folder));
        var patches = parity.Pictures.Select(picture => extractor.Extract(ImageReader.ReadFile(picture))).ToList();

        var grid = patches.SelectMany(p => new long[] { p.Grid.Time, p.Grid.Height, p.Grid.Width });
        Assert.Equal(parity.GridTimeHeightWidth, grid);

        var expected = parity.PixelValues;
        var actual = patches.SelectMany(p => p.Values).ToArray();
        Assert.Equal(expected.Length, actual.Length);
        // Our resize repeats Pillow's arithmetic, so resized cases are held to the same tolerance as the others.
        Assert.True(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() < 1e-6f);
    }

    [Fact]
    public void The_committed_reference_vectors_are_found() => Assert.True(ParityCase.All().Count() >= 5);

    [Fact]
    public void Features_are_ordered_channel_frame_row_column_inside_cells_of_merged_patches()
    {
        // 2 x 1 patches of 2 x 2 pixels merged 1 x 1 and three frames: small enough to write down.
        var options = new ImageProcessorOptions
        {
            PatchSize = 2, MergeSize = 1, TemporalPatchSize = 3, MinimumPixels = 0, MaximumPixels = 1000,
            ImageMean = [0, 0, 0], ImageStd = [1 / 255f, 1 / 255f, 1 / 255f],
        };
        var pixels = Enumerable.Range(0, 4 * 2 * 3).Select(i => (byte)i).ToArray();

        var patches = new PatchExtractor(options).Extract(new RgbImage(4, 2, pixels));

        Assert.Equal(new PatchGrid(1, 1, 2), patches.Grid);
        int[] red = [0, 3, 12, 15], green = [1, 4, 13, 16], blue = [2, 5, 14, 17];
        int[] first = [.. red, .. red, .. red, .. green, .. green, .. green, .. blue, .. blue, .. blue];
        Assert.Equal(first, patches.Values.Take(36).Select(v => (int)MathF.Round(v)));
        Assert.Equal(first.Select(v => v + 6), patches.Values.Skip(36).Select(v => (int)MathF.Round(v)));
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(8, 2)]
    [InlineData(7, 3)]
    public void Small_patches_of_a_small_model_give_a_full_grid(int patchSize, int mergeSize)
    {
        var options = new ImageProcessorOptions { PatchSize = patchSize, MergeSize = mergeSize, MinimumPixels = 84 * 84, MaximumPixels = 84 * 84 };
        var patches = new PatchExtractor(options).Extract(new RgbImage(48, 48, new byte[48 * 48 * 3]));

        Assert.Equal(3 * 2 * patchSize * patchSize, patches.PatchLength);
        Assert.Equal(patches.Grid.Patches * patches.PatchLength, patches.Values.Length);
        Assert.Equal(0, patches.Grid.Width % mergeSize);
        Assert.Equal(patches.Grid.Patches, patches.Grid.Tokens(mergeSize) * mergeSize * mergeSize);
    }
}
