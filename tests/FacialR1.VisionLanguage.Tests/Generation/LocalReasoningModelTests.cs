using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Generation;
using FacialR1.VisionLanguage.Images;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Generation;

public sealed class LocalReasoningModelTests : IDisposable
{
    private readonly TinyCheckpoint checkpoint = new();

    public void Dispose() => checkpoint.Dispose();

    [Fact]
    public async Task The_stream_is_loading_then_the_prompt_then_text_then_the_end()
    {
        await using var model = Model();
        var updates = await Collect(model, Request(new DecodingOptions(MaxTokens: 20, Temperature: 1, Seed: 3)));

        Assert.Equal(1, updates.TakeWhile(update => update is ModelLoading).Cast<ModelLoading>().Last().Fraction);
        var afterLoading = updates.SkipWhile(update => update is ModelLoading).ToList();
        var prompt = Assert.IsType<PromptRead>(afterLoading[0]);
        Assert.True(prompt.VisualTokens > 0 && prompt.PromptTokens > prompt.VisualTokens);
        Assert.All(afterLoading.Skip(1).SkipLast(1), update => Assert.IsType<TextUpdate>(update));

        var end = Assert.IsType<AnswerFinished>(afterLoading[^1]);
        Assert.Equal(string.Concat(updates.OfType<TextUpdate>().Select(update => update.Text)), end.Text);
        Assert.Equal((20, StopReason.MaxTokens), (end.Tokens, end.StopReason));
        Assert.True(end.TimeToFirstToken > TimeSpan.Zero && end.Elapsed >= end.TimeToFirstToken);

        Assert.DoesNotContain(await Collect(model, Request(new DecodingOptions(MaxTokens: 2))), update => update is ModelLoading);
    }

    [Fact]
    public async Task Requests_at_the_same_time_get_the_answers_they_would_get_alone()
    {
        await using var model = Model();
        var requests = Enumerable.Range(0, 6)
            .Select(index => Request(new DecodingOptions(Temperature: 1, Seed: index, MaxTokens: 5 + 4 * index), index % 2 == 0 ? TinyCheckpoint.Face : TinyCheckpoint.OtherFace)).ToList();
        var together = await Task.WhenAll(requests.Select(request => End(model, request)));
        for (var index = 0; index < requests.Count; index++)
            Assert.Equal((await End(model, requests[index])).Text, together[index].Text);
        Assert.True(together.Select(end => end.Text).Distinct().Count() > 3);
    }

    [Fact]
    public async Task An_answer_that_reaches_the_answer_tag_has_emotion_probabilities()
    {
        using var loaded = LoadedCheckpoint.Load(new LocalModelOptions(checkpoint.Folder), null, CancellationToken.None);
        var onlyTag = loaded.Tokens with { NeverChosen = [.. Enumerable.Range(0, 320).Where(id => id != loaded.Tokenizer.IdOf("<answer>"))] };
        var request = loaded.Ask(loaded.See(ImageReader.Read(TinyCheckpoint.Face)), new DecodingOptions(MaxTokens: 2));
        var answer = AnswerBatch.WriteAll(loaded.Model, onlyTag, loaded.Tokenizer, [request], 1, CancellationToken.None).Single().Single();
        Assert.Equal(Emotions.All, answer.EmotionProbabilities.Keys.Order());
        Assert.Equal(1, answer.EmotionProbabilities.Values.Sum(), 1e-6);
    }

    [Fact]
    public async Task Leaving_a_stream_frees_its_place_at_once()
    {
        SetMaxPositions(10_000_000);
        await using var model = Model(batchSize: 1);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            // Written to its end it would take hours, and the next one would wait for it.
            var endless = Request(new DecodingOptions(Temperature: 1, MinTokens: 9_000_000, MaxTokens: 9_000_000));
            await foreach (var update in model.AnswerAsync(endless, stop.Token))
                if (update is TextUpdate) await stop.CancelAsync();
        });
        Assert.Equal(1, (await End(model, Request(new DecodingOptions(MaxTokens: 1))).WaitAsync(TimeSpan.FromMinutes(2))).Tokens);
    }

    [Fact]
    public async Task A_request_cancelled_before_its_turn_is_never_answered()
    {
        await using var model = Model();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in model.AnswerAsync(Request(new DecodingOptions()), stop.Token)) Assert.Fail($"{update} came.");
        });
    }

    [Fact]
    public async Task A_bad_picture_is_refused_and_the_others_go_on()
    {
        await using var model = Model();
        var good = End(model, Request(new DecodingOptions(MaxTokens: 10)));
        await Assert.ThrowsAsync<ImageRejectedException>(() => End(model, Request(new DecodingOptions(), [1, 2, 3])));
        Assert.Equal(10, (await good).Tokens);
    }

    [Fact]
    public async Task A_picture_too_large_for_the_model_says_so()
    {
        SetMaxPositions(60);
        await using var model = Model();
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => End(model, Request(new DecodingOptions())));
        Assert.Contains("reads at most 60", error.Message);
    }

    [Fact]
    public async Task A_missing_file_is_named_and_the_next_request_tries_again()
    {
        var (file, aside) = (Path.Combine(checkpoint.Folder, "tokenizer.json"), Path.Combine(checkpoint.Folder, "aside.json"));
        File.Move(file, aside);
        await using var model = Model();
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => End(model, Request(new DecodingOptions())));
        Assert.Contains(file, error.Message);

        File.Move(aside, file);
        Assert.Equal(1, (await End(model, Request(new DecodingOptions(MaxTokens: 1)))).Tokens);
    }

    [Fact]
    public void Files_of_different_checkpoints_are_refused()
    {
        Tokens.TokenFixtures.Small.Save(checkpoint.Folder);
        var error = Assert.Throws<ModelUnavailableException>(() => LoadedCheckpoint.Load(new LocalModelOptions(checkpoint.Folder), null, CancellationToken.None));
        Assert.Contains("do not belong together", error.Message);
    }

    [Fact]
    public async Task Unloading_ends_the_answers_that_are_being_written()
    {
        var model = Model(batchSize: 1);
        var writing = End(model, Request(new DecodingOptions(MinTokens: 600, MaxTokens: 600)));
        var waiting = End(model, Request(new DecodingOptions(MinTokens: 600, MaxTokens: 600)));
        await Task.Delay(50);
        await model.DisposeAsync();
        await Assert.ThrowsAsync<ModelUnavailableException>(() => writing);
        await Assert.ThrowsAsync<ModelUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<ModelUnavailableException>(() => End(model, Request(new DecodingOptions())));
    }

    [Fact]
    public async Task Nonsense_options_are_refused_before_anything_is_queued()
    {
        await using var model = Model();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => End(model, Request(new DecodingOptions(TopP: 0))));
    }

    [Fact]
    public void A_checkpoint_loads_and_unloads_without_leaving_a_tensor()
    {
        Load();   // tables that are made once for all
        Assert.Equal(0, LeakCheck.TensorsLeftBy(Load));

        void Load()
        {
            using var loaded = LoadedCheckpoint.Load(new LocalModelOptions(checkpoint.Folder), null, CancellationToken.None);
            var request = loaded.Ask(loaded.See(ImageReader.Read(TinyCheckpoint.Face)), new DecodingOptions(MaxTokens: 3));
            AnswerBatch.WriteAll(loaded.Model, loaded.Tokens, loaded.Tokenizer, [request], 1, CancellationToken.None);
        }
    }

    private void SetMaxPositions(int count)
    {
        var file = Path.Combine(checkpoint.Folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(file))!;
        config["max_position_embeddings"] = count;
        File.WriteAllText(file, config.ToJsonString());
    }

    private LocalReasoningModel Model(int batchSize = 16) => new(new LocalModelOptions(checkpoint.Folder) { BatchSize = batchSize, Device = CPU });

    private static AnalysisRequest Request(DecodingOptions decoding, byte[]? image = null) => new(image ?? TinyCheckpoint.Face, decoding);

    private static async Task<AnswerFinished> End(LocalReasoningModel model, AnalysisRequest request) => (AnswerFinished)(await Collect(model, request))[^1];

    private static async Task<List<AnswerUpdate>> Collect(LocalReasoningModel model, AnalysisRequest request)
    {
        List<AnswerUpdate> updates = [];
        await foreach (var update in model.AnswerAsync(request, CancellationToken.None)) updates.Add(update);
        return updates;
    }
}
