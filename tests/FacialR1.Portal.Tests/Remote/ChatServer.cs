using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FacialR1.Portal.Tests.Remote;

/// <summary>A small server of this machine that speaks the chat completions protocol, or breaks it as a test wishes. Requests take the given replies in order; the last one repeats.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    public const string Answer = "<think>Cheeks are raised (AU6) and lip corners pulled up (AU12).</think>\n<answer>happiness</answer>";

    private readonly WebApplication app;
    private readonly IReadOnlyList<Func<HttpContext, Task>> replies;
    private int next, open, mostOpen;

    private ChatServer(WebApplication app, IReadOnlyList<Func<HttpContext, Task>> replies) => (this.app, this.replies) = (app, replies);

    public ConcurrentQueue<JsonNode> Bodies { get; } = [];
    public ConcurrentQueue<string?> Authorizations { get; } = [];
    public ConcurrentQueue<DateTimeOffset> Arrivals { get; } = [];
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public int MostOpen => mostOpen;
    public int Requests => Bodies.Count;

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1";

    public static Task<ChatServer> StartAsync(params Func<HttpContext, Task>[] replies) => StartAsync(TimeProvider.System, replies);

    public static async Task<ChatServer> StartAsync(TimeProvider clock, params Func<HttpContext, Task>[] replies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ChatServer(app, replies) { Clock = clock };
        app.MapPost("/v1/chat/completions", server.ReplyAsync);
        await app.StartAsync();
        return server;
    }

    private async Task ReplyAsync(HttpContext context)
    {
        var most = Interlocked.Increment(ref open);
        for (var seen = mostOpen; most > seen && Interlocked.CompareExchange(ref mostOpen, most, seen) != seen; seen = mostOpen) { }
        try
        {
            Authorizations.Enqueue(context.Request.Headers.Authorization);
            Arrivals.Enqueue(Clock.GetUtcNow());
            Bodies.Enqueue((await JsonNode.ParseAsync(context.Request.Body))!);
            await replies[Math.Min(Interlocked.Increment(ref next) - 1, replies.Count - 1)](context);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    /// <summary>A streamed answer in pieces of a few letters, as the real servers send it.</summary>
    public static Func<HttpContext, Task> Streams(string answer = Answer, string finish = "stop", bool withUsage = true, JsonNode? answerTokens = null) => async context =>
    {
        var pieces = answer.Chunk(7).Select(letters => new string(letters)).ToArray();
        await SendAsync(context, Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" }));
        foreach (var (index, piece) in pieces.Index())
            await SendAsync(context, Chunk(new JsonObject { ["content"] = piece }, logProbabilities: index == pieces.Length - 1 ? answerTokens : null));
        await SendAsync(context, Chunk([], finish));
        if (withUsage)
        {
            var last = Chunk([]);
            last["choices"] = new JsonArray();
            last["usage"] = new JsonObject { ["prompt_tokens"] = 800, ["completion_tokens"] = 40, ["total_tokens"] = 840 };
            await SendAsync(context, last);
        }
        await SendAsync(context, "[DONE]");
    };

    public static Func<HttpContext, Task> Fails(int status, string body, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
    };

    /// <summary>Sends the raw events and then cuts the connection.</summary>
    public static Func<HttpContext, Task> Breaks(params string[] events) => BreaksAfter(Task.CompletedTask, events);

    /// <summary>Sends the raw events and cuts the connection when the other side has seen them.</summary>
    public static Func<HttpContext, Task> BreaksAfter(Task seen, params string[] events) => async context =>
    {
        foreach (var data in events) await SendAsync(context, data);
        await seen;
        context.Abort();
    };

    /// <summary>Sends the raw events and ends in order.</summary>
    public static Func<HttpContext, Task> Sends(params string[] events) => async context =>
    {
        foreach (var data in events) await SendAsync(context, data);
    };

    /// <summary>Sends the raw events and then nothing, until the other side leaves.</summary>
    public static Func<HttpContext, Task> FallsSilent(params string[] events) => async context =>
    {
        foreach (var data in events) await SendAsync(context, data);
        await context.Response.Body.FlushAsync();
        try { await Task.Delay(Timeout.Infinite, context.RequestAborted); }
        catch (OperationCanceledException) { }
    };

    public static string Piece(string words) => Chunk(new JsonObject { ["content"] = words }).ToJsonString();

    public static JsonObject Chunk(JsonObject delta, string? finish = null, JsonNode? logProbabilities = null) => new()
    {
        ["id"] = "chatcmpl-1", ["object"] = "chat.completion.chunk", ["model"] = "tiny-vl", ["system_fingerprint"] = "fp_test",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish, ["logprobs"] = logProbabilities is null ? null : new JsonObject { ["content"] = logProbabilities.DeepClone() },
        }),
    };

    /// <summary>A written token with the likeliest ones at its place, as in <c>logprobs.content</c>.</summary>
    public static JsonObject Token(string written, params (string Text, double Probability)[] likeliest) => new()
    {
        ["token"] = written,
        ["logprob"] = Math.Log(likeliest.FirstOrDefault(other => other.Text == written) is { Text: not null } own ? own.Probability : 1),
        ["top_logprobs"] = new JsonArray([.. likeliest.Select(other => (JsonNode)new JsonObject { ["token"] = other.Text, ["logprob"] = Math.Log(other.Probability) })]),
    };

    private static Task SendAsync(HttpContext context, JsonNode data) => SendAsync(context, data.ToJsonString());

    private static async Task SendAsync(HttpContext context, string data)
    {
        if (!context.Response.HasStarted) context.Response.ContentType = "text/event-stream; charset=utf-8";
        await context.Response.WriteAsync($"data: {data}\n\n");
        await context.Response.Body.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try { await app.StopAsync(hurry.Token); }
        catch (OperationCanceledException) { }
        await app.DisposeAsync();
    }
}
