using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.Training.Supervised;
using FacialR1.Training.Tests.Data;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Tests.Supervised;

public sealed class ReportExampleTests
{
    private static readonly Tokenizer Vocabulary = TokenizerTrainer.Train(
        Enumerable.Range(0, 1500).Select(index => ReportComposer.Compose([.. Faces.Sample(index).ActionUnits!], (Emotion)(index % 7), (ulong)index)), 768);

    [Fact]
    public void Only_the_words_that_decide_an_action_unit_carry_its_weight()
    {
        var sample = Faces.Sample(0) with { ActionUnits = [12, 25], Emotion = Emotion.Happiness };
        var example = ReportExample.Of(sample, Vocabulary, new Dictionary<int, float> { [12] = 2f, [25] = 3f }, seed: 4);
        var text = Vocabulary.Decode(example.Ids);
        Assert.Equal(2f, WeightOf("lip corners"));
        Assert.Equal(3f, WeightOf("the lips "));
        Assert.Equal(1f, WeightOf("</think>"));
        Assert.Equal(1f, example.Weights[^1]);

        float WeightOf(string words)
        {
            var (place, offset) = (text.IndexOf(words, StringComparison.OrdinalIgnoreCase), 0);
            Assert.True(place >= 0, $"'{words}' is not in: {text}");
            for (var index = 0; index < example.Ids.Length; index++)
            {
                offset += Vocabulary.TokenBytes(example.Ids[index]).Length;
                if (offset > place + 1) return example.Weights[index];
            }

            throw new InvalidOperationException("past the end");
        }
    }

    [Fact]
    public void The_emotion_is_found_in_the_conclusion_and_in_the_answer()
    {
        foreach (var number in Enumerable.Range(0, 60))
        {
            var sample = Faces.Sample(number);
            var example = ReportExample.Of(sample, Vocabulary, new Dictionary<int, float>(), (ulong)number);
            Assert.Equal(2, example.EmotionPlaces.Length);
            Assert.All(example.EmotionPlaces, place => Assert.Equal(sample.Emotion!.Value.Name(), Vocabulary.Decode([example.Ids[place]]).Trim()));
            Assert.Equal(QwenTokens.TurnEnd, Vocabulary.Decode([example.Ids[^1]]));
        }
    }

    [Fact]
    public void A_weight_for_the_emotion_leaves_all_other_tokens_as_they_are()
    {
        var example = ReportExample.Of(Faces.Sample(3), Vocabulary, new Dictionary<int, float>(), 5);
        var weighed = example.WithEmotionWeight(8);
        Assert.All(example.Weights, weight => Assert.Equal(1, weight));
        Assert.Equal(example.EmotionPlaces, Enumerable.Range(0, weighed.Weights.Length).Where(place => weighed.Weights[place] == 8));
        Assert.Equal(example.Weights.Length - 2, weighed.Weights.Count(weight => weight == 1));
    }
}
