using FacialR1.Analysis.Facs;
using FacialR1.Training.Synthesis;

namespace FacialR1.Training.Tests.Synthesis;

public sealed class EmotionPrototypesTests
{
    [Theory]
    [InlineData(Emotion.Happiness, new[] { 6, 12 }, 1.5)]
    [InlineData(Emotion.Happiness, new[] { 6 }, 0.5)]
    [InlineData(Emotion.Happiness, new[] { 4, 12 }, 0.5)]
    [InlineData(Emotion.Sadness, new[] { 4, 15 }, 1)]
    [InlineData(Emotion.Sadness, new[] { 1, 4, 15 }, 1.25)]
    [InlineData(Emotion.Surprise, new[] { 1, 2, 25 }, 1.25)]
    [InlineData(Emotion.Disgust, new[] { 9, 10 }, 1)]
    [InlineData(Emotion.Disgust, new[] { 10, 12 }, 0.5)]
    [InlineData(Emotion.Neutral, new[] { 12 }, 0)]
    public void Support_counts_what_speaks_for_and_against(Emotion emotion, int[] units, double expected) => Assert.Equal(expected, EmotionPrototypes.Support(emotion, units), 9);

    [Fact]
    public void Neutral_fits_a_still_face_only()
    {
        Assert.True(EmotionPrototypes.Supports(Emotion.Neutral, [], 0.5));
        Assert.True(EmotionPrototypes.Supports(Emotion.Neutral, [25], 0.5));
        Assert.False(EmotionPrototypes.Supports(Emotion.Neutral, [12], 0.5));
    }

    [Fact]
    public void Nothing_supports_no_emotion()
    {
        Assert.All(Emotions.All.Where(emotion => emotion != Emotion.Neutral), emotion => Assert.False(EmotionPrototypes.Supports(emotion, [], 0.5)));
        Assert.True(EmotionPrototypes.Supports(Emotion.Happiness, [6, 25], 9), "The best supported emotion is enough, whatever the threshold.");
    }
}
