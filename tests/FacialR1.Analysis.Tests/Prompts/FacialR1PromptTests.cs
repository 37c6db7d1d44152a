using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Tests.Prompts;

public sealed class FacialR1PromptTests
{
    [Fact]
    public void The_full_prompt_holds_the_question_every_definition_and_the_plain_list()
    {
        var text = FacialR1Prompt.Full("<image>\nWhat does she feel?", [Emotion.Sadness, Emotion.Anger]).Text;
        Assert.StartsWith("Question\nWhat does she feel?\n", text, StringComparison.Ordinal);
        Assert.Contains("chosen from: anger, sadness.", text, StringComparison.Ordinal);
        foreach (var unit in ActionUnits.Prompt) Assert.Contains($"\n{unit.Code}, {unit.Name}: {unit.Description}.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worked_example_keeps_the_grammar_it_teaches()
    {
        var text = FacialR1Prompt.Full("", Emotions.All).Text;
        var example = ReasoningParser.Parse(text[(text.IndexOf("Example\n", StringComparison.Ordinal) + 8)..]);
        Assert.True(example.FormatOk);
        Assert.Equal(Emotion.Sadness, example.Emotion);
        Assert.Equal([1, 4, 15], example.ActionUnits);
    }

    [Fact]
    public void The_compact_prompt_lists_the_emotions_in_at_most_45_words()
    {
        var text = FacialR1Prompt.Compact([]).Text;
        Assert.Contains("anger, disgust, fear, happiness, neutral, sadness, surprise.", text, StringComparison.Ordinal);
        Assert.InRange(text.Split(' ').Length, 20, 45);
    }

    [Fact]
    public void A_prompt_is_found_by_the_id_it_carries()
    {
        foreach (var prompt in new[] { FacialR1Prompt.Full("Why?", Emotions.All), FacialR1Prompt.Compact(Emotions.All) })
            Assert.Equal(prompt, FacialR1Prompt.FromId(prompt.Id, "Why?", Emotions.All));
        var error = Assert.Throws<ArgumentException>(() => FacialR1Prompt.FromId("facial-r1/full/9", "", Emotions.All));
        Assert.Contains("facial-r1/full/1", error.Message, StringComparison.Ordinal);
    }
}
