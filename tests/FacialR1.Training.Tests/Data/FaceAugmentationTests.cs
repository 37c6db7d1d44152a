using FacialR1.Training.Data;

namespace FacialR1.Training.Tests.Data;

public sealed class FaceAugmentationTests
{
    private static readonly FaceAugmentation Still = new(0, 0, 0, 0, 0, 0);

    [Fact]
    public void The_same_seed_gives_the_same_view_and_another_seed_another()
    {
        var (sample, augmentation) = (Faces.Sample(3), new FaceAugmentation());
        Assert.Equal(augmentation.Apply(sample, 5).Grey, augmentation.Apply(sample, 5).Grey);
        Assert.NotEqual(augmentation.Apply(sample, 5).Grey, augmentation.Apply(sample, 6).Grey);
    }

    [Fact]
    public void Without_movement_a_view_is_the_sample_or_its_mirror_image()
    {
        var sample = Faces.Sample(1);
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var view = Still.Apply(sample, seed);
            var mirrored = Math.Abs(view.Landmarks![0] - FaceAugmentation.Plain(sample).Landmarks![0]) > 1e-4;
            var plain = FaceAugmentation.Plain(sample, mirrored);
            for (var index = 0; index < view.Grey.Length; index++) Assert.Equal(plain.Grey[index], view.Grey[index], 4);
            for (var index = 0; index < 136; index++) Assert.Equal(plain.Landmarks![index], view.Landmarks[index], 4);
        }
    }

    [Fact]
    public void A_mirrored_twice_landmark_is_itself()
    {
        var sample = Faces.Sample(2);
        var once = FaceAugmentation.Plain(sample, mirrored: true).Landmarks!;
        var twice = FaceAugmentation.Plain(sample with { Landmarks = once }, mirrored: true).Landmarks!;
        for (var index = 0; index < 136; index++) Assert.Equal(sample.Landmarks![index], twice[index], 5);
    }

    [Fact]
    public void Landmarks_move_with_the_picture()
    {
        const int side = 48;
        var pixels = new byte[side * side];
        var (x, y) = (30, 14);
        for (var row = y - 1; row <= y + 1; row++)
        for (var column = x - 1; column <= x + 1; column++) pixels[row * side + column] = 255;
        var landmarks = new float[136];
        (landmarks[54], landmarks[55]) = ((x + 0.5f) / side, (y + 0.5f) / side);   // point 27, which is its own mirror twin
        var sample = Faces.Sample(0) with { Pixels = pixels, Landmarks = landmarks };
        var augmentation = new FaceAugmentation(MaxContrast: 0, MaxBrightness: 0, EraseProbability: 0);
        foreach (var seed in Enumerable.Range(0, 30))
        {
            var view = augmentation.Apply(sample, seed);
            var (sum, meanX, meanY) = (0f, 0f, 0f);
            for (var index = 0; index < view.Grey.Length; index++)
            {
                sum += view.Grey[index];
                meanX += view.Grey[index] * (index % side + 0.5f);
                meanY += view.Grey[index] * (index / side + 0.5f);
            }

            Assert.Equal(meanX / sum / side, view.Landmarks![54], 0.02);
            Assert.Equal(meanY / sum / side, view.Landmarks[55], 0.02);
        }
    }

    [Fact]
    public void A_step_has_one_batch_whoever_asks_and_whenever()
    {
        var samples = Faces.Samples(10);
        using var source = new BatchSource(samples, 4, new FaceAugmentation(), seed: 3);
        var later = source.At(7);
        using var resumed = new BatchSource(samples, 4, new FaceAugmentation(), seed: 3);
        Assert.Equal(later.Views[2].Grey, resumed.At(7).Views[2].Grey);
        Assert.Equal(later.Samples.Select(sample => sample.Id), FaceBatch.Make(samples, 4, new FaceAugmentation(), 3, 7).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void An_epoch_shows_no_sample_twice()
    {
        var samples = Faces.Samples(12);
        var shown = Enumerable.Range(0, 3).SelectMany(step => FaceBatch.Make(samples, 4, new FaceAugmentation(), 9, step).Samples.Select(sample => sample.Id));
        Assert.Equal(12, shown.Distinct().Count());
    }
}
