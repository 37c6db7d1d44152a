using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Tests.Images;

public sealed class ImageProcessorOptionsTests
{
    [Fact]
    public void Older_files_name_the_pixel_budget_directly()
    {
        var options = ImageProcessorOptions.FromJson("""{"min_pixels": 3136, "max_pixels": 1003520, "patch_size": 8, "merge_size": 3}""");
        Assert.Equal((3136, 1003520, 8, 3, 24), (options.MinimumPixels, options.MaximumPixels, options.PatchSize, options.MergeSize, options.Factor));
    }

    [Fact]
    public void Newer_files_name_it_as_edges_that_are_pixel_counts()
    {
        var options = ImageProcessorOptions.FromJson("""{"size": {"shortest_edge": 3136, "longest_edge": 12845056}}""");
        Assert.Equal((3136, 12845056), (options.MinimumPixels, options.MaximumPixels));
    }

    [Fact]
    public void An_absent_value_is_that_of_the_published_checkpoints() =>
        Assert.Equal((14, 2, 2, 3136, 12845056, 1176), ImageProcessorOptions.FromJson("{}") is var o
            ? (o.PatchSize, o.MergeSize, o.TemporalPatchSize, o.MinimumPixels, o.MaximumPixels, o.PatchLength) : default);

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var written = new ImageProcessorOptions { PatchSize = 6, MinimumPixels = 84 * 84, MaximumPixels = 168 * 168, ImageMean = [0.5f, 0.25f, 0.1f], ImageStd = [0.2f, 0.3f, 0.4f] };
        var read = ImageProcessorOptions.FromJson(written.ToJson());
        Assert.Equal(written with { ImageMean = read.ImageMean, ImageStd = read.ImageStd }, read);
        Assert.Equal(written.ImageMean, read.ImageMean);
        Assert.Equal(written.ImageStd, read.ImageStd);
    }

    [Theory]
    [InlineData("""{"patch_size": 0}""", "patch_size")]
    [InlineData("""{"min_pixels": 100, "max_pixels": 50}""", "max_pixels")]
    [InlineData("""{"image_std": [1, 1]}""", "image_std")]
    [InlineData("""{"resample": 2}""", "resample")]
    [InlineData("""{"do_normalize": false}""", "do_normalize")]
    [InlineData("""{"patch_size": "big"}""", "configuration")]
    [InlineData("not json", "configuration")]
    public void A_setting_that_cannot_be_followed_is_named(string json, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => ImageProcessorOptions.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_the_file_is_named() =>
        Assert.Contains("preprocessor_config.json", Assert.Throws<FileNotFoundException>(() => ImageProcessorOptions.FromFolder(Path.GetTempPath())).Message, StringComparison.Ordinal);
}
