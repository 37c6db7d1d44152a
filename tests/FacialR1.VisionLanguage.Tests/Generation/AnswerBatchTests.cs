using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tests.Tokens;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Generation;

public sealed class AnswerBatchTests
{
    private static readonly string Tied = RepositoryFiles.At("tests", "FacialR1.VisionLanguage.Tests", "Fixtures", "parity", "tiny-tied");
    private static readonly DecodingOptions Sixteen = new(MaxTokens: 16);

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var (folder, name) in GoldenCases.All()) data.Add(folder, name);
        return data;
    }

    private static DecodingOptions Sampled(long seed, int maxTokens = 12) => new(Temperature: 1, TopP: 0.95, MaxTokens: maxTokens, Seed: seed);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Greedy_answers_equal_the_reference(string folder, string name)
    {
        var prompt = ParityAnswer.Read(folder, name);
        Assert.Equal(prompt.GreedyIds, Write(prompt, Sixteen).Ids);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cached_steps_equal_whole_passes(string folder, string name)
    {
        var prompt = ParityAnswer.Read(folder, name);
        var expected = NaiveGeneration.Write(ParityAnswer.ModelOf(folder), prompt, Sampled(5), ParityAnswer.Tokens);
        var answer = Write(prompt, Sampled(5));
        Assert.Equal(expected.Select(choice => choice.Id), answer.Ids);
        foreach (var (choice, logProbability) in expected.Zip(answer.LogProbabilities)) Assert.Equal(choice.LogProbability, logProbability, 1e-3);
    }

    [Fact]
    public void A_row_of_a_batch_equals_the_row_alone()
    {
        var prompts = ParityAnswer.ReadAll(Tied);
        Assert.True(prompts.Select(prompt => prompt.PromptIds.Count).Distinct().Count() > 2, "The prompts must differ in length, or nothing is padded.");
        foreach (var decoding in (Func<int, DecodingOptions>[])[_ => Sixteen, row => Sampled(row, maxTokens: 4 + 3 * row)])
        {
            var answers = AnswerBatch.WriteAll(ParityAnswer.ModelOf(Tied), ParityAnswer.Tokens, null,
                [.. prompts.Select((prompt, row) => prompt.Request(decoding(row)))], prompts.Count, CancellationToken.None);
            foreach (var (row, prompt) in prompts.Index())
            {
                var alone = Write(prompt, decoding(row));
                Assert.Equal(alone.Ids, answers[row].Single().Ids);
                foreach (var (one, other) in alone.LogProbabilities.Zip(answers[row].Single().LogProbabilities)) Assert.Equal(one, other, 1e-3);
            }
        }
    }

    [Fact]
    public void A_prompt_that_joins_later_changes_nobodys_answer()
    {
        var (first, second) = (ParityAnswer.Read(Tied, "text-only"), ParityAnswer.Read(Tied, "two-images"));
        foreach (var (early, late) in new[] { (first, second), (second, first) })
        {
            using var batch = new AnswerBatch(ParityAnswer.ModelOf(Tied), ParityAnswer.Tokens);
            var one = batch.Add([early.Request(Sampled(1))]).Single();
            for (var step = 0; step < 5; step++) batch.Step();
            var other = batch.Add([late.Request(Sampled(2))]).Single();
            while (batch.Writing > 0) batch.Step();
            Assert.Equal(Write(early, Sampled(1)).Ids, one.Ids);
            Assert.Equal(Write(late, Sampled(2)).Ids, other.Ids);
        }
    }

    [Fact]
    public void Many_prompts_through_a_small_batch_equal_each_alone()
    {
        var prompts = ParityAnswer.ReadAll(Tied);
        var requests = Enumerable.Range(0, 17).Select(index => prompts[index % prompts.Count].Request(Sampled(index, maxTokens: 2 + index % 7))).ToList();
        var answers = AnswerBatch.WriteAll(ParityAnswer.ModelOf(Tied), ParityAnswer.Tokens, null, requests, 4, CancellationToken.None);
        for (var index = 0; index < requests.Count; index++)
            Assert.Equal(Write(prompts[index % prompts.Count], requests[index].Answers[0]).Ids, answers[index].Single().Ids);
    }

    [Fact]
    public void Several_answers_to_one_prompt_equal_those_asked_for_one_by_one()
    {
        var prompt = ParityAnswer.Read(Tied, "one-image");
        var decodings = Enumerable.Range(0, 4).Select(seed => Sampled(seed)).ToArray();
        var answers = AnswerBatch.WriteAll(ParityAnswer.ModelOf(Tied), ParityAnswer.Tokens, null, [prompt.Request(decodings)], 4, CancellationToken.None).Single();
        Assert.Equal(decodings.Select(decoding => Write(prompt, decoding).Ids), answers.Select(answer => answer.Ids));
    }

    [Fact]
    public void The_seed_decides_a_sampled_answer()
    {
        var prompt = ParityAnswer.Read(Tied, "one-image");
        Assert.Equal(Write(prompt, Sampled(3)).Ids, Write(prompt, Sampled(3)).Ids);
        Assert.True(Enumerable.Range(0, 5).Select(seed => string.Join(' ', Write(prompt, Sampled(seed)).Ids)).Distinct().Count() > 1);
    }

    [Fact]
    public void Finished_and_abandoned_rows_leave()
    {
        var prompt = ParityAnswer.Read(Tied, "text-only");
        using var batch = new AnswerBatch(ParityAnswer.ModelOf(Tied), ParityAnswer.Tokens);
        var answers = batch.Add([prompt.Request([new(MaxTokens: 2), new(MaxTokens: 4), new(MaxTokens: 30), new(MaxTokens: 30)])]);
        List<int> rows = [];
        for (var step = 0; step < 6; step++)
        {
            batch.Step();
            rows.Add(batch.Rows);
        }

        Assert.Equal([4, 3, 3, 2, 2, 2], rows);
        answers[2].Abandon();
        batch.Step();
        Assert.Equal(1, batch.Rows);
        Assert.Equal(7, answers[2].Ids.Count);
        Assert.Null(answers[2].StopReason);
        Assert.Equal(StopReason.MaxTokens, answers[0].StopReason);
        answers[3].Abandon();
        batch.Step();
        Assert.Equal(0, batch.Rows);
    }

    [Fact]
    public void A_stop_token_ends_an_answer_and_is_its_last_id()
    {
        var prompt = ParityAnswer.Read(Tied, "text-only");
        var stop = prompt.GreedyIds[3];
        var tokens = ParityAnswer.Tokens with { Stop = [stop] };
        var answer = Write(prompt, Sixteen, tokens);
        Assert.Equal(prompt.GreedyIds.Take(Array.IndexOf(prompt.GreedyIds, stop) + 1), answer.Ids);
        Assert.Equal(StopReason.StopToken, answer.StopReason);

        var longer = Write(prompt, Sixteen with { MinTokens = 10 }, tokens);
        Assert.DoesNotContain(stop, longer.Ids.Take(10));
    }

    [Fact]
    public void Writing_leaves_no_tensor_behind()
    {
        var prompts = ParityAnswer.ReadAll(Tied);
        var model = ParityAnswer.ModelOf(Tied);
        Assert.Equal(0, LeakCheck.TensorsLeftBy(Run));

        void Run() => AnswerBatch.WriteAll(model, TagOnly, TagTokenizer, [.. prompts.Select((prompt, row) => prompt.Request(Sampled(row, 3 + row)))], 2, CancellationToken.None);
    }

    [Fact]
    public void Prompts_that_do_not_fit_their_images_join_nothing()
    {
        var prompt = ParityAnswer.Read(Tied, "one-image");
        using var batch = new AnswerBatch(ParityAnswer.ModelOf(Tied), ParityAnswer.Tokens);
        Assert.Throws<ArgumentException>(() => batch.Add([new GenerationRequest(prompt.PromptIds, [], [Sixteen])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add([prompt.Request(Sixteen with { TopP = 0 })]));
        Assert.Equal(0, batch.Rows);
        Assert.Equal(prompt.GreedyIds, batch.Add([prompt.Request(Sixteen)]).Select(answer => Finish(batch, answer)).Single().Ids);
    }

    [Fact]
    public void Writing_ends_at_the_next_token_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => AnswerBatch.WriteAll(
            ParityAnswer.ModelOf(Tied), ParityAnswer.Tokens, null, [ParityAnswer.Read(Tied, "text-only").Request(Sixteen)], 1, stop.Token));
    }

    [Fact]
    public void Emotion_probabilities_equal_reading_every_spelling_on_its_own()
    {
        var model = ParityAnswer.ModelOf(Tied);
        ParityAnswer[] prompts = [ParityAnswer.Read(Tied, "text-only"), ParityAnswer.Read(Tied, "one-image")];
        // Only the tag may be written, so each answer reaches the answer position with its first token; rows are padded.
        var answers = AnswerBatch.WriteAll(model, TagOnly, TagTokenizer, [.. prompts.Select(prompt => prompt.Request(new DecodingOptions(MaxTokens: 3)))], 8, CancellationToken.None);
        foreach (var (row, prompt) in prompts.Index())
        {
            var actual = answers[row].Single().EmotionProbabilities;
            var expected = SpelledOut(model, prompt);
            Assert.Equal(1, actual.Values.Sum(), 1e-6);
            foreach (var emotion in Emotions.All) Assert.Equal(expected[emotion], actual[emotion], 1e-4);
            Assert.True(actual.Values.Max() - actual.Values.Min() > 0.01, "A uniform result could hide a mistake.");
        }
    }

    private static Tokenizer TagTokenizer { get; } = TokenizerTrainer.Train(TokenFixtures.Sentences, 320);

    private static GenerationTokens TagOnly { get; } = new([], 0, [.. Enumerable.Range(0, 320).Where(id => id != TagTokenizer.IdOf("<answer>"))]);

    private static Dictionary<Emotion, double> SpelledOut(Qwen25VlModel model, ParityAnswer prompt)
    {
        var totals = Emotions.All.ToDictionary(emotion => emotion, emotion =>
        {
            var capitalised = char.ToUpperInvariant(emotion.Name()[0]) + emotion.Name()[1..];
            return ((string[])[emotion.Name(), capitalised, " " + emotion.Name(), " " + capitalised]).Sum(spelling =>
            {
                var ids = TagTokenizer.Encode("<answer>" + spelling);
                var logits = NaiveGeneration.LogitsAfter(model, prompt, ids);
                return Math.Exp(ids.Index().Sum(token => logits[token.Index][token.Item] - NaiveGeneration.LogSum(logits[token.Index])));
            });
        });
        var sum = totals.Values.Sum();
        return totals.ToDictionary(total => total.Key, total => total.Value / sum);
    }

    private static GeneratedAnswer Write(ParityAnswer prompt, DecodingOptions decoding, GenerationTokens? tokens = null)
    {
        using var batch = new AnswerBatch(ParityAnswer.ModelOf(prompt.Model), tokens ?? ParityAnswer.Tokens);
        return Finish(batch, batch.Add([prompt.Request(decoding)]).Single());
    }

    private static GeneratedAnswer Finish(AnswerBatch batch, GeneratedAnswer answer)
    {
        while (!answer.IsOver) batch.Step();
        return answer;
    }
}
