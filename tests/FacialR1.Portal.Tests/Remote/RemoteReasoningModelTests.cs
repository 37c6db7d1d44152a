using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;
using FacialR1.Portal.Remote;
using Microsoft.Extensions.Time.Testing;
using static FacialR1.Portal.Tests.Remote.ChatServer;

namespace FacialR1.Portal.Tests.Remote;

public sealed class RemoteReasoningModelTests
{
    [Fact]
    public async Task The_answer_streams_and_ends_with_the_whole_text_tokens_and_fingerprint()
    {
        await using var server = await StartAsync(Streams());
        using var remote = new RemoteFixture(server.Url);

        var updates = await remote.AskAsync();

        var words = updates.OfType<TextUpdate>().ToList();
        Assert.True(words.Count > 5, "It should come in pieces.");
        var end = Assert.IsType<AnswerFinished>(updates[^1]);
        Assert.Equal(Answer, end.Text);
        Assert.Equal(end.Text, string.Concat(words.Select(update => update.Text)));
        Assert.Equal((StopReason.StopToken, 800, 40), (end.StopReason, end.PromptTokens, end.Tokens));
        Assert.Equal(("tiny-vl", "fp_test", 800), (end.Served!.Model, end.Served.Fingerprint, end.Served.PromptTokens));
        Assert.Equal(new Uri(server.Url).Authority, end.Served.Host);
    }

    [Fact]
    public async Task The_request_has_the_picture_the_prompt_of_the_paper_and_the_decoding()
    {
        await using var server = await StartAsync(Streams());
        using var remote = new RemoteFixture(server.Url);

        await remote.AskAsync(RemoteFixture.Question with { Decoding = new DecodingOptions(Temperature: 0.7, TopK: 20, TopP: 0.9, RepetitionPenalty: 1.1, MaxTokens: 333, Seed: 7) });

        var body = server.Bodies.Single();
        Assert.Equal(("tiny-vl", true, 333, 7L), (body["model"]!.GetValue<string>(), body["stream"]!.GetValue<bool>(), body["max_tokens"]!.GetValue<int>(), body["seed"]!.GetValue<long>()));
        Assert.Equal((0.7, 0.9, 20, 1.1), (body["temperature"]!.GetValue<double>(), body["top_p"]!.GetValue<double>(), body["top_k"]!.GetValue<int>(), body["repetition_penalty"]!.GetValue<double>()));
        Assert.Equal((true, 20), (body["logprobs"]!.GetValue<bool>(), body["top_logprobs"]!.GetValue<int>()));
        var content = body["messages"]![0]!["content"]!.AsArray();
        Assert.Equal(FacialR1Prompt.Full("", []).Text, content[1]!["text"]!.GetValue<string>());
        var picture = content[0]!["image_url"]!["url"]!.GetValue<string>();
        Assert.StartsWith("data:image/png;base64,", picture, StringComparison.Ordinal);
        Assert.Equal(RemoteFixture.Question.Image.ToArray(), Convert.FromBase64String(picture["data:image/png;base64,".Length..]));
        Assert.Equal($"Bearer {RemoteFixture.Key}", server.Authorizations.Single());
    }

    [Fact]
    public async Task Plain_decoding_sends_nothing_that_only_some_servers_take()
    {
        await using var server = await StartAsync(Streams());
        using var remote = new RemoteFixture(server.Url, options => options with { TakesExtendedSampling = false, Key = null, TopLogProbabilities = 0 });

        await remote.AskAsync();

        Assert.All((string[])["top_k", "repetition_penalty", "min_tokens", "logprobs", "top_logprobs"], name => Assert.Null(server.Bodies.Single()[name]));
        Assert.Null(server.Authorizations.Single());
        var error = await remote.FailureAsync(RemoteFixture.Question with { Decoding = new DecodingOptions(TopK: 5) });
        Assert.Contains("top-k", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_question_takes_the_place_of_the_prompt()
    {
        await using var server = await StartAsync(Streams("yes"));
        using var remote = new RemoteFixture(server.Url);

        Assert.Equal("yes", (await remote.FinishAsync(RemoteFixture.Question with { Question = "Is AU12 visible?" })).Text);

        Assert.Equal("Is AU12 visible?", server.Bodies.Single()["messages"]![0]!["content"]![1]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Probabilities_of_the_emotions_come_from_the_tokens_at_the_answer()
    {
        var tokens = new JsonArray(
            Token("<think>"), Token("…"), Token("</think>"), Token("<"), Token("answer"), Token(">"),
            Token("happiness", ("happiness", 0.6), ("s", 0.1), ("sur", 0.2), ("banana", 0.1)));
        await using var server = await StartAsync(Streams(answerTokens: tokens));
        using var remote = new RemoteFixture(server.Url);

        var end = await remote.FinishAsync();

        // "s" may become sadness or surprise, "banana" nothing: 0.6 and 0.2 remain.
        Assert.Equal(0.75, end.EmotionProbabilities[Emotion.Happiness], 9);
        Assert.Equal(0.25, end.EmotionProbabilities[Emotion.Surprise], 9);
        Assert.Equal(0, end.EmotionProbabilities[Emotion.Sadness]);
    }

    [Fact]
    public async Task A_server_that_refuses_to_give_probabilities_is_asked_without_them_from_then_on()
    {
        await using var server = await StartAsync(Fails(400, """{"error":{"message":"logprobs is not supported with this model"}}"""), Streams());
        using var remote = new RemoteFixture(server.Url);

        Assert.Empty((await remote.FinishAsync()).EmotionProbabilities);
        await remote.FinishAsync();

        Assert.Equal([true, false, false], server.Bodies.Select(body => body["logprobs"] is not null));
    }

    [Fact]
    public async Task Reasoning_that_the_server_cut_out_goes_back_into_its_tags()
    {
        await using var server = await StartAsync(Sends(
            Chunk(new JsonObject { ["reasoning_content"] = "Cheeks are raised " }).ToJsonString(), Chunk(new JsonObject { ["reasoning_content"] = "(AU6)." }).ToJsonString(),
            Piece("<answer>happiness</answer>"), Chunk([], "stop").ToJsonString(), "[DONE]"));
        using var remote = new RemoteFixture(server.Url);

        Assert.Equal("<think>Cheeks are raised (AU6).</think>\n<answer>happiness</answer>", (await remote.FinishAsync()).Text);
    }

    [Fact]
    public async Task A_server_that_does_not_stream_is_understood()
    {
        var whole = """{"model":"tiny-vl","choices":[{"index":0,"message":{"role":"assistant","content":"<answer>fear</answer>"},"finish_reason":"length"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}""";
        await using var server = await StartAsync(Fails(200, whole, ("Content-Type", "application/json")));
        using var remote = new RemoteFixture(server.Url);

        var end = await remote.FinishAsync();

        Assert.Equal(("<answer>fear</answer>", StopReason.MaxTokens, 4), (end.Text, end.StopReason, end.Tokens));
    }

    [Fact]
    public async Task Cost_follows_the_configured_prices_and_the_tokens_the_server_counted()
    {
        await using var server = await StartAsync(Streams(), Streams(withUsage: false));
        using var remote = new RemoteFixture(server.Url, options => options with { PromptPrice = 2.5m, AnswerPrice = 10m, Currency = "EUR" });

        var (counted, uncounted) = (await remote.FinishAsync(), await remote.FinishAsync());

        Assert.Equal((0.0024m, "EUR"), (counted.Served!.Cost, counted.Served.Currency));   // 800 · 2.5 + 40 · 10 per million
        Assert.Null(uncounted.Served!.Cost);
        Assert.Null(uncounted.Served.PromptTokens);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task What_the_server_could_not_take_is_asked_again_after_growing_pauses(int status)
    {
        var clock = new FakeTimeProvider();
        await using var server = await StartAsync(clock, Fails(status, "busy"), Fails(status, "busy"), Fails(status, "busy"), Streams());
        using var remote = new RemoteFixture(server.Url, clock: clock);

        Assert.Equal(Answer, (await remote.FinishAsync()).Text);

        var arrivals = server.Arrivals.ToList();
        var pauses = arrivals.Zip(arrivals.Skip(1), (earlier, later) => (later - earlier).TotalSeconds).ToList();
        Assert.Equal(3, pauses.Count);
        Assert.All(pauses.Zip([0.375, 0.75, 1.5]), pair => Assert.True(pair.First >= pair.Second, $"{pair.First} < {pair.Second}"));   // half fixed, half times the draw of 0.5
    }

    [Fact]
    public async Task Retry_After_holds_all_requests_to_the_model()
    {
        var clock = new FakeTimeProvider();
        await using var server = await StartAsync(clock, Fails(429, "slow down", ("Retry-After", "20")), Streams());
        using var remote = new RemoteFixture(server.Url, clock: clock);

        await remote.AskAsync();
        Assert.True((server.Arrivals.Last() - server.Arrivals.First()).TotalSeconds >= 20);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_pause_longer_than_configured_is_not_waited_for()
    {
        await using var server = await StartAsync(Fails(429, "come back tomorrow", ("Retry-After", "7200")), Streams());
        using var remote = new RemoteFixture(server.Url);

        var error = await remote.FailureAsync();

        Assert.Contains("7200 seconds", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_limit_that_the_server_announces_as_used_up_is_waited_for_before_the_next_request()
    {
        var clock = new FakeTimeProvider();
        await using var server = await StartAsync(clock, async context =>
        {
            context.Response.Headers["x-ratelimit-remaining-requests"] = "0";
            context.Response.Headers["x-ratelimit-reset-requests"] = "1m30s";
            await Streams()(context);
        });
        using var remote = new RemoteFixture(server.Url, clock: clock);

        await remote.AskAsync();
        await remote.AskAsync();

        Assert.True((server.Arrivals.Last() - server.Arrivals.First()).TotalSeconds >= 90);
    }

    [Fact]
    public async Task Requests_are_spaced_by_the_configured_pace()
    {
        var clock = new FakeTimeProvider();
        await using var server = await StartAsync(clock, Streams());
        using var remote = new RemoteFixture(server.Url, options => options with { RequestsPerMinute = 2, Concurrency = 3 }, clock);

        await remote.WhileTimePassesAsync(Task.WhenAll(Enumerable.Range(0, 3).Select(_ => remote.FinishAsync())));

        var arrivals = server.Arrivals.Order().ToList();
        Assert.All(arrivals.Zip(arrivals.Skip(1)), pair => Assert.True((pair.Second - pair.First).TotalSeconds >= 15, "thirty seconds apart, less what the network took"));
    }

    [Fact]
    public async Task No_more_requests_are_open_than_configured()
    {
        var slow = Streams();
        await using var server = await StartAsync(async context =>
        {
            await Task.Delay(50);
            await slow(context);
        });
        using var remote = new RemoteFixture(server.Url, options => options with { Concurrency = 2 });

        await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => remote.AskAsync()));

        Assert.Equal((7, 2), (server.Requests, server.MostOpen));
    }

    [Theory]
    [InlineData(401, "", "refuses the key", "configured Key")]
    [InlineData(403, "", "refuses the key", "remote:tiny")]
    [InlineData(404, """{"object":"error","message":"The model `tiny-vl` does not exist.","code":404}""", "knows no model \"tiny-vl\"", "/v1")]
    [InlineData(400, """{"error":{"message":"tiny-vl is not a multimodal model"}}""", "takes no pictures", "vision-language")]
    [InlineData(500, """{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"}}""", "takes no pictures", "--mmproj")]
    [InlineData(400, """{"message":"max_tokens is too large"}""", "does not accept the request", "max_tokens is too large")]
    [InlineData(307, "", "sends elsewhere", "Url")]
    public async Task What_no_repetition_helps_is_told_at_once_and_says_what_to_do(int status, string body, string problem, string advice)
    {
        await using var server = await StartAsync(Fails(status, body, ("Location", "http://127.0.0.1:1/elsewhere")));
        using var remote = new RemoteFixture(server.Url);

        var error = await remote.FailureAsync();

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Trouble_that_does_not_end_is_told_with_the_number_of_attempts()
    {
        await using var server = await StartAsync(Fails(503, """{"error":"loading the model"}"""));
        using var remote = new RemoteFixture(server.Url, options => options with { Retries = 2 });

        var error = await remote.FailureAsync();

        Assert.Contains("503: \"loading the model\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("3 attempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_by_its_address()
    {
        string url;
        await using (var server = await StartAsync(Streams())) url = server.Url;
        using var remote = new RemoteFixture(url, options => options with { Retries = 1 });

        var error = await remote.FailureAsync();

        Assert.Contains($"{new Uri(url).Authority} cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 attempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_is_given_up_after_the_timeout_and_asked_again()
    {
        await using var server = await StartAsync(FallsSilent(), Streams());
        using var remote = new RemoteFixture(server.Url, options => options with { Timeout = TimeSpan.FromMinutes(1) });

        var updates = await remote.WhileTimePassesAsync(remote.ReadAsync(RemoteFixture.Question, CancellationToken.None), until: () => server.Requests == 2);

        Assert.Equal(Answer, Assert.IsType<AnswerFinished>(updates[^1]).Text);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_first_words_is_made_again()
    {
        await using var server = await StartAsync(Breaks(Chunk(new JsonObject { ["role"] = "assistant" }).ToJsonString()), Streams());
        using var remote = new RemoteFixture(server.Url);

        Assert.Equal(Answer, (await remote.FinishAsync()).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_ends_in_the_middle_is_no_answer(bool isCut)
    {
        string[] events = [Piece("<think>Cheeks "), Piece("are raised")];
        var seen = new TaskCompletionSource();
        await using var server = await StartAsync(isCut ? BreaksAfter(seen.Task, events) : Sends(events));
        using var remote = new RemoteFixture(server.Url);
        var text = "";

        var error = await Assert.ThrowsAsync<ModelUnavailableException>(async () =>
        {
            await foreach (var update in remote.Model.AnswerAsync(RemoteFixture.Question, CancellationToken.None))
            {
                text += Assert.IsType<TextUpdate>(update).Text;
                if (text.EndsWith("raised", StringComparison.Ordinal)) seen.SetResult();
            }
        });

        Assert.True(error.IsInterruption);
        Assert.Contains("not complete", error.Message, StringComparison.Ordinal);
        Assert.Equal(("<think>Cheeks are raised", 1), (text, server.Requests));   // what was shown cannot be taken back
    }

    [Theory]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"half", "cannot be read")]
    [InlineData("{\"choices\":\"none\"}", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("{\"error\":{\"message\":\"out of memory\"}}", "out of memory")]
    public async Task A_broken_piece_ends_the_answer_instead_of_being_passed_over(string piece, string detail)
    {
        await using var server = await StartAsync(Sends(Piece("<think>Cheeks "), piece, Piece("are raised"), "[DONE]"));
        using var remote = new RemoteFixture(server.Url);

        var error = await remote.FailureAsync();

        Assert.True(error.IsInterruption);
        Assert.Contains(detail, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_page_in_place_of_an_answer_is_told_as_such()
    {
        await using var server = await StartAsync(Fails(200, "<html>Welcome</html>", ("Content-Type", "text/html")));
        using var remote = new RemoteFixture(server.Url, options => options with { Retries = 0 });

        Assert.Contains("no chat completion", (await remote.FailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_the_stream_ends_the_request_and_frees_its_place()
    {
        await using var server = await StartAsync(FallsSilent(Piece("<think>")), Streams());
        using var remote = new RemoteFixture(server.Url, options => options with { Concurrency = 1 });

        await foreach (var update in remote.Model.AnswerAsync(RemoteFixture.Question, CancellationToken.None))
            if (update is TextUpdate) break;

        Assert.Equal(Answer, (await remote.FinishAsync()).Text);
    }

    [Fact]
    public async Task Cancelling_is_a_cancellation_and_no_failure()
    {
        await using var server = await StartAsync(FallsSilent(Piece("<think>")));
        using var remote = new RemoteFixture(server.Url);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in remote.Model.AnswerAsync(RemoteFixture.Question, stop.Token)) await stop.CancelAsync();
        });
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task The_key_is_never_told_even_when_the_server_repeats_it(int status)
    {
        await using var server = await StartAsync(Fails(status, $"{{\"error\":\"bad request with key {RemoteFixture.Key}\"}}"));
        using var remote = new RemoteFixture(server.Url, options => options with { Retries = 0 });

        var error = await remote.FailureAsync();

        Assert.DoesNotContain(RemoteFixture.Key, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(RemoteFixture.Key, new RemoteModelOptions { Key = RemoteFixture.Key, Model = "m", Url = "http://h/v1" }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_with_a_line_break_is_refused_without_showing_it()
    {
        await using var server = await StartAsync(Streams());
        using var remote = new RemoteFixture(server.Url, options => options with { Key = "sk-1\nX-Other: 2" });

        var error = await remote.FailureAsync();

        Assert.Contains("white space", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-1", error.ToString(), StringComparison.Ordinal);
    }
}
