using FacialR1.Training.Data;
using FacialR1.Training.Supervised;
using FacialR1.Training.Teacher;
using FacialR1.Training.Tests.Data;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Tests.Supervised;

public sealed class FacePatchesTests
{
    static FacePatchesTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Training_sees_the_patches_that_the_image_processor_cuts()
    {
        using var scope = NewDisposeScope();
        var samples = Faces.Samples(2);
        var batch = new FaceBatch(0, samples, [.. samples.Select(sample => FaceAugmentation.Plain(sample))]);
        var (patches, grids) = FacePatches.Of(FaceTargets.Pictures(batch), MiniArchitecture.Processor);

        var sample = samples[1];
        var picture = new RgbImage(48, 48, [.. sample.Pixels.SelectMany(pixel => new[] { pixel, pixel, pixel })]);
        var expected = new PatchExtractor(MiniArchitecture.Processor).Extract(picture);
        Assert.Equal(expected.Grid, grids[1]);
        var second = patches.narrow(0, expected.Grid.Patches, expected.Grid.Patches).flatten().data<float>().ToArray();
        Assert.Equal(expected.Values.Length, second.Length);
        for (var index = 0; index < second.Length; index++) Assert.Equal(expected.Values[index], second[index], 5);
    }
}
