using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;
using FacialR1.Analysis.Scoring;
using FacialR1.TestKit;
using FacialR1.Training.Synthesis;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.Training.Tests.Synthesis;

public sealed class LabelHintTests
{
    private static readonly ResponseLabels Smile = new(Emotion.Happiness, [12, 6]);

    [Fact]
    public void Labels_are_shown_in_one_short_sentence()
    {
        Assert.Equal("Labels: AU6, AU12, happiness.", LabelHint.Of(Smile));
        Assert.Equal("Labels: no AU, neutral.", LabelHint.Of(new ResponseLabels(Emotion.Neutral, [])));
        Assert.Equal("Labels: sadness.", LabelHint.Of(new ResponseLabels(Emotion.Sadness, null)));
        Assert.Equal("Labels: AU4.", LabelHint.Of(new ResponseLabels(null, [4])));
        Assert.Equal("", LabelHint.Of(new ResponseLabels(null, null)));
    }

    [Fact]
    public void A_retry_says_what_was_wrong() => Assert.Equal(
        "Labels: AU6, AU12, happiness. Reflection: missing AU6; extra AU4, AU25; not sadness; format; wording.",
        LabelHint.Of(Smile, new Reflection([6], [25, 4], Emotion.Sadness, IsFormatBroken: true, IsWordingBad: true)));

    [Fact]
    public void The_mix_keeps_its_shares_and_never_shows_a_label_that_is_not_there()
    {
        var mix = new LabelHintMix(Labels: 0.5, Reflection: 0.4, Partial: 0);
        var hints = Enumerable.Range(0, 4000).Select(seed => mix.Draw(Smile, (ulong)seed)).ToArray();
        Assert.InRange(hints.Count(hint => hint.Length > 0) / 4000.0, 0.46, 0.54);
        Assert.All(hints.Where(hint => hint.Length > 0), hint => Assert.StartsWith("Labels: AU6, AU12, happiness.", hint, StringComparison.Ordinal));
        Assert.Contains(hints, hint => hint.Contains("missing AU6, AU12", StringComparison.Ordinal));
        Assert.DoesNotContain(hints, hint => hint.Contains("extra AU6", StringComparison.Ordinal) || hint.Contains("not happiness", StringComparison.Ordinal));
        Assert.Equal(mix.Draw(Smile, 77), mix.Draw(Smile, 77));

        var emotionOnly = Enumerable.Range(0, 500).Select(seed => mix.Draw(new ResponseLabels(Emotion.Fear, null), (ulong)seed));
        Assert.All(emotionOnly, hint => Assert.DoesNotContain("AU", hint, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(0, 100), seed => Assert.Equal("", new LabelHintMix(Labels: 0).Draw(Smile, (ulong)seed)));
    }

    [Fact]
    public void A_hint_stands_behind_the_question_in_the_prompt_of_a_small_vocabulary()
    {
        var tokenizer = Tokenizer.Load(RepositoryFiles.At("data", "checkpoints", "mini"));
        var question = FacialR1Prompt.Compact(Emotions.All).Text;
        var prompts = new HintedPrompts(tokenizer, question, visualTokens: 16);
        var (plain, hinted) = (prompts.With(""), prompts.With(LabelHint.Of(Smile)));
        Assert.Equal(new ChatTemplate(tokenizer).Prompt(question, 16).Ids, plain);
        Assert.Contains($"{question} Labels: AU6, AU12, happiness.<|im_end|>", tokenizer.Decode(hinted), StringComparison.Ordinal);
        Assert.InRange(hinted.Length - plain.Length, 8, 30);
        Assert.Same(hinted, prompts.With(LabelHint.Of(Smile)));
    }
}
