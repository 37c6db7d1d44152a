using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Prompts;

namespace FacialR1.Portal.Remote;

/// <summary>Answers with a model behind an OpenAI-compatible server: vLLM, SGLang, llama.cpp and the like. One instance per configured model, for all who ask.</summary>
/// <remarks>
/// At most <see cref="RemoteModelOptions.Concurrency"/> requests are open; the others wait. What the server could not take is asked again, with growing,
/// partly drawn pauses, unless the answer has begun: words that were passed on cannot be taken back.
/// </remarks>
public sealed class RemoteReasoningModel : IReasoningModel, IDisposable
{
    private const int LongestError = 16 * 1024;
    private readonly string name;
    private readonly RemoteModelOptions options;
    private readonly HttpClient http;
    private readonly TimeProvider clock;
    private readonly Func<double> draw;
    private readonly SemaphoreSlim places;
    private readonly RequestPace pace;
    private readonly Uri address;
    private volatile bool givesProbabilities;

    /// <param name="name">What the model is called here, "remote:…".</param>
    /// <param name="options">Valid ones.</param>
    /// <param name="http">Without a time limit and without following redirects; stays with the caller.</param>
    /// <param name="clock">Pauses and times are taken from it.</param>
    /// <param name="draw">Uniform in [0, 1): spreads repeated requests.</param>
    public RemoteReasoningModel(string name, RemoteModelOptions options, HttpClient http, TimeProvider clock, Func<double> draw)
    {
        (this.name, this.options, this.http, this.clock, this.draw) = (name, options, http, clock, draw);
        places = new SemaphoreSlim(options.Concurrency);
        pace = new RequestPace(options.RequestsPerMinute, clock);
        address = new Uri(options.Url.TrimEnd('/') + "/chat/completions");
        givesProbabilities = options.TopLogProbabilities > 0;
    }

    private string Host => address.Authority;

    /// <inheritdoc/>
    /// <remarks>Times count from this call. The stream has no <see cref="PromptRead"/>: a server does not say when it has read the prompt.</remarks>
    public async IAsyncEnumerable<AnswerUpdate> AnswerAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        await places.WaitAsync(cancellationToken);
        try
        {
            await using var answer = await BeginAsync(request, cancellationToken);
            var (text, written) = (new StringBuilder(), new WrittenSoFar());
            var toFirst = TimeSpan.Zero;
            for (var chunk = answer.First; chunk is not null; chunk = await NextAsync(answer.Stream))
            {
                var words = written.Take(chunk);
                if (words.Length == 0) continue;
                if (text.Length == 0) toFirst = clock.GetElapsedTime(began);
                text.Append(words);
                yield return new TextUpdate(words, written.Pieces);
            }

            if (written.Flush() is { Length: > 0 } rest)
            {
                text.Append(rest);
                yield return new TextUpdate(rest, written.Pieces);
            }
            yield return Finish(text.ToString(), written, toFirst, clock.GetElapsedTime(began));
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    private AnswerFinished Finish(string text, WrittenSoFar written, TimeSpan toFirst, TimeSpan elapsed)
    {
        var reason = written.FinishReason switch
        {
            "length" => StopReason.MaxTokens,
            "content_filter" => throw new ModelUnavailableException($"A filter of {Host} withheld the answer."),
            null => throw Interrupted(new ServerProblem($"{Host} ended in the middle of the answer.", IsTransient: true), null),
            _ => StopReason.StopToken,
        };
        var (prompt, answer) = (written.PromptTokens, written.AnswerTokens);
        return new AnswerFinished(text, reason, prompt ?? 0, answer ?? written.Pieces, toFirst, elapsed, AnswerCandidates.Score(written.Tokens))
        {
            Served = new ServedAnswer(Host, written.Model ?? options.Model)
            {
                Fingerprint = written.Fingerprint, PromptTokens = prompt, Cost = TokenPrice.Cost(options, prompt, answer),
                Currency = TokenPrice.IsKnown(options) ? options.Currency : null,
            },
        };
    }

    private static async Task<ChatChunk?> NextAsync(ChatStream stream)
    {
        try
        {
            return await stream.ReadAsync();
        }
        catch (ServerFailure failure)
        {
            throw Interrupted(failure.Problem, failure);
        }
    }

    private static ModelUnavailableException Interrupted(ServerProblem problem, Exception? cause) =>
        new($"{problem.Message} The answer was not complete; ask again.", cause!) { IsInterruption = true };

    /// <summary>Asks until the first words are there, or nothing more can be hoped for.</summary>
    private async Task<BegunAnswer> BeginAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var question = request.Question ?? FacialR1Prompt.FromId(options.Prompt, FacialR1Prompt.DefaultQuestion, Emotions.All).Text;
        for (var attempt = 0; ; attempt++)
        {
            await pace.WaitAsync(cancellationToken);
            var asksForProbabilities = givesProbabilities;
            try
            {
                return await TryAsync(ChatRequest.Of(options, question, request, asksForProbabilities).ToJsonString(), cancellationToken);
            }
            catch (ServerFailure failure)
            {
                var problem = failure.Problem;
                if (problem.IsAboutLogProbabilities && asksForProbabilities)
                {
                    givesProbabilities = false;   // from now on this server is not asked for them
                    attempt--;
                    continue;
                }
                if (!problem.IsTransient) throw problem.ToException(failure);
                if (problem.Pause > options.LongestPause)
                    throw new ModelUnavailableException(FormattableString.Invariant($"{problem.Message} It asks to wait {problem.Pause.Value.TotalSeconds:0} seconds, which is longer than LongestPause of {name}."), failure);
                if (attempt >= options.Retries)
                    throw new ModelUnavailableException(options.Retries == 0 ? problem.Message : FormattableString.Invariant($"{problem.Message} {attempt + 1} attempts were made."), failure);
                if (problem.Pause is { } pause) pace.Hold(pause);   // the others would be refused as well
                await Task.Delay(RetrySchedule.Delay(attempt, draw(), problem.Pause), clock, cancellationToken);
            }
        }
    }

    private async Task<BegunAnswer> TryAsync(string body, CancellationToken cancellationToken)
    {
        var key = options.ReadKey();
        using var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        message.Headers.Accept.ParseAdd("text/event-stream");
        if (key is not null) message.Headers.Authorization = Bearer(key);

        var response = await SendAsync(message, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using (response)
            {
                var problem = ServerProblem.Of(response.StatusCode, await ReadErrorAsync(response, cancellationToken), options, name, Host, key);
                throw new ServerFailure(problem with { Pause = RequestPace.RetryAfter(response.Headers, clock.GetUtcNow()) ?? RequestPace.UsedUp(response.Headers) });
            }
        }

        if (RequestPace.UsedUp(response.Headers) is { } pause && pause <= options.LongestPause) pace.Hold(pause);
        var stream = await ChatStream.OpenAsync(response, Host, options.Timeout, clock, cancellationToken);
        try
        {
            // Up to the first words a broken answer can be asked for again without anybody seeing it.
            var first = await stream.ReadAsync();
            while (first is { HasText: false, FinishReason: null, Tokens.Count: 0 }) first = await stream.ReadAsync();
            return new BegunAnswer(stream, first ?? throw new ServerFailure(ServerProblem.NotTheProtocol(Host, "it ended without an answer")));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private AuthenticationHeaderValue Bearer(string key) => key.Any(letter => letter is < '!' or > '~')
        ? throw new ModelUnavailableException($"The key of {name} holds white space or letters that no key has. {(options.KeyVariable is { } variable ? $"Check the environment variable {variable}." : "Check the configured Key.")}")
        : new AuthenticationHeaderValue("Bearer", key);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerFailure(ServerProblem.Silent(Host, options.Timeout), error);
        }
        catch (HttpRequestException error)
        {
            throw new ServerFailure(ServerProblem.Unreachable(Host, name, error), error);
        }
    }

    private async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        var bytes = new byte[LongestError];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return Encoding.UTF8.GetString(bytes, 0, await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, either.Token));
        }
        catch (Exception error) when (error is IOException or HttpRequestException || error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return "";   // the status alone says enough
        }
    }

    private sealed record BegunAnswer(ChatStream Stream, ChatChunk First) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Stream.DisposeAsync();
    }
}
