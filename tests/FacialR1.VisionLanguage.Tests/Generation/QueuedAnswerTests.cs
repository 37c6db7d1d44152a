using FacialR1.Analysis;
using FacialR1.VisionLanguage.Generation;
using FacialR1.TestKit;

namespace FacialR1.VisionLanguage.Tests.Generation;

public sealed class QueuedAnswerTests
{
    [Fact]
    public async Task A_reader_who_sleeps_loses_nothing_and_holds_up_nobody()
    {
        var prompt = ParityAnswer.Read(RepositoryFiles.At("tests", "FacialR1.VisionLanguage.Tests", "Fixtures", "parity", "tiny-tied"), "text-only");
        var tokens = ParityAnswer.Tokens with { NeverChosen = [.. Enumerable.Range(0, 320).Where(id => !TinyCheckpoint.Tokenizer.HasToken(id))] };
        using var batch = new AnswerBatch(ParityAnswer.ModelOf(prompt.Model), tokens);
        var decoding = new DecodingOptions(Temperature: 2, MaxTokens: 200);
        var queued = new QueuedAnswer(decoding, TimeProvider.System);
        for (var percent = 0; percent <= 100; percent++) queued.Loading(percent / 100.0);
        queued.Begin(batch.Add([prompt.Request(decoding)]).Single(), 0, TinyCheckpoint.Tokenizer);
        do batch.Step(); while (!queued.Advance());

        List<AnswerUpdate> updates = [];
        await foreach (var update in queued.Updates.ReadAllAsync()) updates.Add(update);
        var text = TinyCheckpoint.Tokenizer.Decode(queued.Answer!.Ids, skipSpecial: true);
        Assert.Equal(text, string.Concat(updates.OfType<TextUpdate>().Select(update => update.Text)));
        Assert.Equal(text, Assert.IsType<AnswerFinished>(updates[^1]).Text);
        Assert.Single(updates.OfType<PromptRead>());
        Assert.Equal(200, updates.OfType<TextUpdate>().Last().Tokens);
        Assert.True(updates.Count <= 64);
    }
}
