using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Synthesis;

namespace FacialR1.Training.Tests.Synthesis;

public sealed class RepeatsTests
{
    private const string Text = "<think>From the brows down, the cheeks rise (AU6) and the lip corners turn upward (AU12). Together these movements point to happiness.</think>\n<answer>happiness</answer>";
    private static readonly ResponseLabels Smile = new(Emotion.Happiness, [6, 12]);

    [Fact]
    public void Shingles_are_runs_of_three_words_without_case_and_punctuation()
    {
        Assert.Equal(["the lips part", "lips part au25"], RepeatedTexts.Shingles("The LIPS, part (AU25)!"));
        Assert.Equal(["still face"], RepeatedTexts.Shingles("Still face."));
        Assert.Equal(1, RepeatedTexts.Jaccard([], []));
        Assert.Equal(1.0 / 3, RepeatedTexts.Jaccard(["a", "b"], ["b", "c"]), 9);
    }

    [Fact]
    public void A_wording_is_counted_among_the_same_labels_only()
    {
        var texts = new RepeatedTexts(0.8);
        Assert.Equal(0, texts.Count(Text, Smile));
        texts.Add(Text, Smile);
        texts.Add(Text.ToUpperInvariant(), Smile);
        Assert.Equal(2, texts.Count(Text, Smile));
        Assert.Equal(2, texts.Count(Text.Replace("Together these", "Together, these", StringComparison.Ordinal), Smile));
        Assert.Equal(0, texts.Count(Text.Replace("rise", "push up below the eyes", StringComparison.Ordinal), Smile));
        Assert.Equal(0, texts.Count(Text, Smile with { ActionUnits = [12] }));
    }

    [Fact]
    public void The_same_photo_is_found_when_it_is_brighter_or_noisy_and_another_is_not()
    {
        var random = new Random(4);
        FaceSample[] samples = [.. Enumerable.Range(0, 6).Select(Photo)];
        var brighter = samples[1] with { Id = "brighter", Pixels = [.. samples[1].Pixels.Select(pixel => (byte)(20 + pixel * 0.8))] };
        var noisy = samples[2] with { Id = "noisy", Pixels = [.. samples[2].Pixels.Select(pixel => (byte)Math.Clamp(pixel + random.Next(-6, 7), 0, 255))] };
        var inTest = samples[3] with { Id = "in-test" };
        var found = RepeatedPhotos.Find([.. samples, brighter, noisy], [inTest]);
        Assert.Equal([("brighter", "photo-1"), ("noisy", "photo-2"), ("photo-3", "in-test")], found.Select(pair => (pair.Key, pair.Value)).Order());

        FaceSample Photo(int number)
        {
            var (columns, rows) = (3 + random.Next(20), 3 + random.Next(20));
            byte[] pixels = [.. Enumerable.Range(0, 48 * 48).Select(index => (byte)(128 + 60 * Math.Sin(index % 48 * columns / 24.0 + number) + 60 * Math.Cos(index / 48 * rows / 24.0 - number)))];
            return new FaceSample($"photo-{number}", pixels, 48, Emotion.Fear, [1], null, null);
        }
    }
}
