using CsCheck;
using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Tests.Facs;

public sealed class EmotionsTests
{
    [Fact]
    public void The_canonical_list_is_the_order_of_the_enum() =>
        Assert.Equal("anger, disgust, fear, happiness, neutral, sadness, surprise", Emotions.List(Emotions.All));

    [Theory]
    [InlineData("happiness", Emotion.Happiness)]
    [InlineData("  **Happy.** ", Emotion.Happiness)]
    [InlineData("ANGRY!", Emotion.Anger)]
    [InlineData("\"sad\"", Emotion.Sadness)]
    [InlineData("expressionless", Emotion.Neutral)]
    [InlineData("shocked\n", Emotion.Surprise)]
    [InlineData("repulsed", Emotion.Disgust)]
    [InlineData("(afraid)", Emotion.Fear)]
    public void A_label_is_read_whatever_its_case_punctuation_and_word_form(string text, Emotion expected)
    {
        Assert.True(Emotions.TryParse(text, out var emotion));
        Assert.Equal(expected, emotion);
    }

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("contempt")]
    [InlineData("happy, sad")]
    [InlineData("the emotion is anger")]
    public void Other_words_and_several_labels_are_not_a_label(string text) => Assert.False(Emotions.TryParse(text, out _));

    [Fact]
    public void Every_name_reads_back_whatever_stands_around_it() =>
        Gen.Select(Gen.Enum<Emotion>(), Gen.String[Gen.Char[" .,;:!?\"'*_()[]\t\n"], 0, 5], Gen.String[Gen.Char[" .,;:!?\"'*_()[]\t\n"], 0, 5])
            .Sample((emotion, before, after) => Emotions.TryParse(before + emotion.Name() + after, out var parsed) && parsed == emotion);
}
