using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Probing;
using FacialR1.VisionLanguage.Tests.Generation;

namespace FacialR1.VisionLanguage.Tests.Probing;

public sealed class ForcedReaderTests : IDisposable
{
    private readonly TinyCheckpoint folder = new();
    private readonly LoadedCheckpoint checkpoint;
    private readonly RgbImage face = ImageReader.Read(TinyCheckpoint.Face), other = ImageReader.Read(TinyCheckpoint.OtherFace);

    public ForcedReaderTests() => checkpoint = LoadedCheckpoint.Load(new LocalModelOptions(folder.Folder), null, CancellationToken.None);

    public void Dispose()
    {
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Forcing_the_models_own_text_gives_back_the_probabilities_it_was_written_with()
    {
        var (text, answer) = Written(seed: 7);
        var reading = ForcedReader.Read(checkpoint, [new ForcedText(face, text)]).Single();
        Assert.Equal(answer.LogProbabilities.Count, reading.Tokens.Count);
        foreach (var (one, forced) in answer.LogProbabilities.Zip(reading.Tokens)) Assert.Equal(one, forced.LogProbability, 1e-3);
        Assert.Equal(answer.LogProbabilities.Sum(), reading.LogProbabilityOf(new TextSpan(0, text.Length)), 1e-2);
    }

    [Fact]
    public void Emotions_behind_a_forced_tag_are_those_scored_when_the_model_writes_the_tag_itself()
    {
        var onlyTag = checkpoint.Tokens with { NeverChosen = [.. Enumerable.Range(0, 320).Where(id => id != checkpoint.Tokenizer.IdOf(AnswerCue.Tag))] };
        foreach (var beginning in (string[])["", "<think>The cheeks are raised (AU6).</think>\n"])
        {
            var request = checkpoint.Ask(checkpoint.See(face), beginning, [new DecodingOptions(MaxTokens: 2)]);
            var written = AnswerBatch.WriteAll(checkpoint.Model, onlyTag, checkpoint.Tokenizer, [request], 1, CancellationToken.None).Single().Single().EmotionProbabilities;
            var forced = ForcedReader.Read(checkpoint, [new ForcedText(face, beginning + AnswerCue.Tag)]).Single().EmotionProbabilities;
            foreach (var emotion in Emotions.All) Assert.Equal(written[emotion], forced[emotion], 1e-4);
            Assert.True(forced.Values.Max() - forced.Values.Min() > 0.01, "A uniform result could hide a mistake.");
        }
    }

    [Fact]
    public void A_text_in_a_batch_is_read_as_it_is_alone()
    {
        ForcedText[] texts =
        [
            new(face, "<think>A smile (AU12).</think>\n<answer>"), new(other, "<think>The brows are lowered (AU4), and so much more can be said about them.</think>\n<answer>"),
            new(face, "<think></think>\n<answer>"), new(other, "No tag at the end"), new(face, "<think>A smile (AU12).</think>\n<answer>happiness"),
        ];
        var together = ForcedReader.Read(checkpoint, texts);
        foreach (var (text, read) in texts.Zip(together))
        {
            var alone = ForcedReader.Read(checkpoint, [text]).Single();
            foreach (var (a, b) in alone.Tokens.Zip(read.Tokens)) Assert.Equal(a.LogProbability, b.LogProbability, 1e-3);
            Assert.Equal(alone.EmotionProbabilities.Count, read.EmotionProbabilities.Count);
            foreach (var (emotion, p) in alone.EmotionProbabilities) Assert.Equal(p, read.EmotionProbabilities[emotion], 1e-4);
        }

        Assert.Equal([7, 7, 7, 0, 0], together.Select(reading => reading.EmotionProbabilities.Count));
    }

    [Fact]
    public void Writing_on_behind_a_beginning_equals_having_written_it()
    {
        // Digits are tokens of their own, so the cut falls between two of them.
        var digits = checkpoint.Tokens with { NeverChosen = [.. Enumerable.Range(0, 320).Where(id => !checkpoint.Tokenizer.HasToken(id) || checkpoint.Tokenizer.TokenBytes(id) is not [>= (byte)'0' and <= (byte)'9'])] };
        var whole = Continue("<think>", 10);
        var text = checkpoint.Tokenizer.Decode(whole.Ids);
        var rest = Continue("<think>" + text[..4], 6);
        Assert.Equal(whole.Ids.Skip(4), rest.Ids);
        foreach (var (one, again) in whole.LogProbabilities.Skip(4).Zip(rest.LogProbabilities)) Assert.Equal(one, again, 1e-3);
        Assert.Equal(whole.PromptTokens, rest.PromptTokens);

        GeneratedAnswer Continue(string beginning, int count)
        {
            var request = checkpoint.Ask(checkpoint.See(face), beginning, [new DecodingOptions(MaxTokens: count)]);
            return AnswerBatch.WriteAll(checkpoint.Model, digits, checkpoint.Tokenizer, [request], 1, CancellationToken.None).Single().Single();
        }
    }

    [Fact]
    public void The_words_of_a_span_are_the_tokens_that_reach_into_it()
    {
        const string text = "Ünser 😀 smile (AU12).";
        var reading = ForcedReader.Read(checkpoint, [new ForcedText(face, text)]).Single();
        Assert.Equal(text.Length, reading.Tokens[^1].Span.End);
        Assert.All(reading.Tokens.Zip(reading.Tokens.Skip(1)), pair => Assert.Equal(pair.First.Span.End, pair.Second.Span.Start));
        Assert.Equal(0, reading.LogProbabilityOf(new TextSpan(3, 0)));
        var cut = text.IndexOf('(', StringComparison.Ordinal);
        var (before, behind) = (TextSpan.FromBounds(0, cut), TextSpan.FromBounds(cut, text.Length));
        if (reading.Tokens.All(token => token.Span.End <= cut || token.Span.Start >= cut))
            Assert.Equal(reading.LogProbabilityOf(new TextSpan(0, text.Length)), reading.LogProbabilityOf(before) + reading.LogProbabilityOf(behind), 1e-6);
    }

    [Fact]
    public void Integrated_gradients_add_up_to_what_the_face_does_for_the_words()
    {
        const string text = "<think>A smile (AU12).</think>\n<answer>happiness";
        var target = new TextSpan(text.Length - 9, 9);
        var path = new IntegratedGradients(checkpoint, new ForcedText(face, text), target, steps: 64);
        while (path.Continue(8)) { }
        var map = path.Finish();

        Assert.Equal(map.Rows * map.Columns, map.Values.Count);
        var gained = map.LogProbability - map.Baseline;
        Assert.True(Math.Abs(gained) > 0.05, "The face has to matter, or nothing is tested.");
        Assert.Equal(gained, map.Values.Sum(), 0.02 * Math.Max(1, Math.Abs(gained)));
        Assert.Equal(map.Values.Sum(), map.Coarser(3).Values.Sum(), 1e-9);
        Assert.Equal(ForcedReader.Read(checkpoint, [new ForcedText(face, text)]).Single().LogProbabilityOf(target), map.LogProbability, 1e-4);
        Assert.Throws<ArgumentException>(() => new IntegratedGradients(checkpoint, new ForcedText(face, text), new TextSpan(text.Length, 0), 4));
    }

    [Fact]
    public void A_patch_is_held_responsible_at_its_own_place()
    {
        // A face that differs from its mean colour in one corner only can owe its words to no other patch.
        var pixels = Enumerable.Repeat((byte)220, 56 * 56 * 3).ToArray();
        for (var y = 42; y < 56; y++)
            for (var x = 14; x < 28; x++)
                for (var channel = 0; channel < 3; channel++) pixels[(y * 56 + x) * 3 + channel] = (byte)(220 - (x + y) % 2 * 200);
        var path = new IntegratedGradients(checkpoint, new ForcedText(new RgbImage(56, 56, pixels), "A smile"), new TextSpan(0, 7), steps: 4);
        while (path.Continue(4)) { }
        var map = path.Finish();
        var strongest = map.Values.Index().MaxBy(value => Math.Abs(value.Item)).Index;
        Assert.Equal((4, 4), (map.Rows, map.Columns));
        Assert.Equal((3, 1), (strongest / 4, strongest % 4));
    }

    [Fact]
    public void Probing_leaves_no_tensor_behind()
    {
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() => ForcedReader.Read(checkpoint, [new ForcedText(face, "<think></think>\n<answer>"), new ForcedText(other, "words")])));
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() =>
        {
            var path = new IntegratedGradients(checkpoint, new ForcedText(face, "A smile"), new TextSpan(0, 7), 2);
            path.Continue(2);
            path.Finish();
        }));
    }

    [Fact]
    public async Task A_model_in_use_answers_and_is_probed_at_the_same_time()
    {
        await using var model = new LocalReasoningModel(new LocalModelOptions(folder.Folder));
        var texts = Enumerable.Range(0, 40).Select(index => new ForcedText(index % 2 == 0 ? face : other, $"<think>{new string('a', 1 + index % 5)}</think>\n<answer>")).ToArray();
        var read = 0;
        var probe = model.ReadAsync(texts, new Reports(count => read = count), CancellationToken.None);
        var answer = model.AnswerAsync(new AnalysisRequest(TinyCheckpoint.Face, new DecodingOptions(MaxTokens: 12)), CancellationToken.None).ToBlockingEnumerable().OfType<AnswerFinished>().Single();
        var readings = await probe;

        Assert.Equal(12, answer.Tokens);
        Assert.Equal(40, read);
        var alone = ForcedReader.Read(checkpoint, [texts[37]]).Single();
        Assert.Equal(alone.Tokens[^1].LogProbability, readings[37].Tokens[^1].LogProbability, 1e-3);
        var map = await model.AttributeAsync(texts[0], new TextSpan(7, 1), 6, null, CancellationToken.None);
        Assert.Equal(6, map.Steps);
        await Assert.ThrowsAsync<ArgumentException>(() => model.AttributeAsync(texts[0], new TextSpan(0, 0), 6, null, CancellationToken.None));
        var continued = model.ContinueAsync(face, "<think>A", new DecodingOptions(MaxTokens: 3), CancellationToken.None).ToBlockingEnumerable().OfType<AnswerFinished>().Single();
        Assert.Equal(3, continued.Tokens);
    }

    [Fact]
    public async Task A_probe_of_a_checkpoint_that_cannot_be_read_says_so()
    {
        File.Delete(Path.Combine(folder.Folder, "tokenizer.json"));
        await using var model = new LocalReasoningModel(new LocalModelOptions(folder.Folder));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => model.ReadAsync([new ForcedText(face, "words")], null, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1)));
    }

    private (string Text, GeneratedAnswer Answer) Written(long seed)
    {
        // A random model's tokens seldom are the ones its text is read as again; only such a text can be compared token by token.
        for (var attempt = seed; ; attempt++)
        {
            var plain = checkpoint.Tokens with { NeverChosen = [.. Enumerable.Range(0, 320).Where(id => !checkpoint.Tokenizer.HasToken(id) || checkpoint.Tokenizer.IsSpecial(id) || !IsPlain(id))] };
            var request = checkpoint.Ask(checkpoint.See(face), new DecodingOptions(Temperature: 1, MaxTokens: 14, Seed: attempt));
            var answer = AnswerBatch.WriteAll(checkpoint.Model, plain, checkpoint.Tokenizer, [request], 1, CancellationToken.None).Single().Single();
            var text = checkpoint.Tokenizer.Decode(answer.Ids);
            if (checkpoint.Tokenizer.Encode(text, allowSpecial: false).SequenceEqual(answer.Ids)) return (text, answer);
        }
    }

    /// <summary>Digits and marks are mostly read again as they were written.</summary>
    private bool IsPlain(int id) => checkpoint.Tokenizer.TokenBytes(id) is [>= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)','];

    private sealed class Reports(Action<int> told) : IProgress<int>
    {
        public void Report(int value) => told(value);
    }
}
