using System.Net.ServerSentEvents;
using System.Text.Json;
using FacialR1.Analysis;

namespace FacialR1.Portal.Remote;

/// <summary>The events of one streamed completion. Silence beyond the limit, a broken line and a broken connection end it with a <see cref="ModelUnavailableException"/>.</summary>
internal sealed class ChatStream : IAsyncDisposable
{
    private const string End = "[DONE]";
    private readonly HttpResponseMessage response;
    private readonly CancellationTokenSource silence;
    private readonly CancellationTokenSource either;
    private readonly TimeSpan timeout;
    private readonly string host;
    private readonly CancellationToken caller;
    private readonly IAsyncEnumerator<string> events;

    private ChatStream(HttpResponseMessage response, Stream body, string host, TimeSpan timeout, TimeProvider clock, CancellationToken caller)
    {
        (this.response, this.host, this.timeout, this.caller) = (response, host, timeout, caller);
        silence = new CancellationTokenSource(timeout, clock);
        either = CancellationTokenSource.CreateLinkedTokenSource(caller, silence.Token);
        events = Events(response, body, either.Token).GetAsyncEnumerator(either.Token);
    }

    /// <param name="response">Now belongs to the stream.</param>
    /// <param name="host">For messages.</param>
    /// <param name="timeout">The longest silence.</param>
    /// <param name="clock">Silence is measured with it.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public static async Task<ChatStream> OpenAsync(HttpResponseMessage response, string host, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken) =>
        new(response, await response.Content.ReadAsStreamAsync(cancellationToken), host, timeout, clock, cancellationToken);

    /// <summary>The next event; null at the end.</summary>
    /// <exception cref="ServerFailure">The stream broke.</exception>
    public async Task<ChatChunk?> ReadAsync()
    {
        silence.CancelAfter(timeout);
        string data;
        try
        {
            if (!await events.MoveNextAsync()) return null;
            data = events.Current;
        }
        catch (OperationCanceledException error) when (!caller.IsCancellationRequested)
        {
            throw new ServerFailure(ServerProblem.Silent(host, timeout), error);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            caller.ThrowIfCancellationRequested();
            throw new ServerFailure(new ServerProblem($"The connection to {host} broke off.", IsTransient: true), error);
        }

        if (data.Trim() == End) return null;
        try
        {
            var chunk = ChatChunk.Parse(data);
            return chunk.Error is null ? chunk : throw new ServerFailure(new ServerProblem($"{host} ended with an error: \"{chunk.Error}\".", IsTransient: true));
        }
        catch (JsonException error)
        {
            throw new ServerFailure(ServerProblem.NotTheProtocol(host, $"a piece of {data.Length} characters cannot be read"), error);
        }
    }

    private static async IAsyncEnumerable<string> Events(
        HttpResponseMessage response, Stream body, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            using var reader = new StreamReader(body);
            yield return await reader.ReadToEndAsync(cancellationToken);   // a server that does not stream sends all in one piece
            yield break;
        }

        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken)) yield return item.Data;
    }

    public async ValueTask DisposeAsync()
    {
        await either.CancelAsync();   // a read that is still waiting must end before its enumerator can
        await events.DisposeAsync();
        response.Dispose();
        either.Dispose();
        silence.Dispose();
    }
}

/// <summary>A problem on its way from where it is met to where it is decided whether to try again.</summary>
internal sealed class ServerFailure(ServerProblem problem, Exception? cause = null) : Exception(problem.Message, cause)
{
    public ServerProblem Problem { get; } = problem;
}
