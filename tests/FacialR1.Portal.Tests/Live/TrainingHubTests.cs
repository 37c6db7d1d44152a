using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Portal.Live;
using FacialR1.Portal.Runs;
using FacialR1.Portal.Tests.Hosting;
using FacialR1.Training.Runs;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using System.Text.Json.Serialization;

namespace FacialR1.Portal.Tests.Live;

public sealed class TrainingHubTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly PortalFactory portal = new(ScriptedModel.Answering(""));

    [Fact]
    public async Task A_program_outside_follows_a_run_from_where_it_left_off()
    {
        var run = Add("outside", steps: 5);
        using var patience = new CancellationTokenSource(Patience);
        var seen = new List<RunEvent>();
        await foreach (var batch in Remote().FollowAsync("outside", after: 2, patience.Token))
        {
            seen.AddRange(batch.Events);
            if (seen[^1].Sequence == 6) Append(run, 2);
            if (seen[^1].Sequence == 8) break;
        }

        Assert.Equal([3, 4, 5, 6, 7, 8], seen.Select(read => read.Sequence));
        Assert.Equal(("step", "text", 2L, 0.5), (seen[0].Kind, seen[0].Phase, seen[0].Step, seen[0].Values["loss"]));
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_refused_with_a_message()
    {
        using var patience = new CancellationTokenSource(Patience);
        var error = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var _ in Remote().FollowAsync("nowhere", 0, patience.Token)) { }
        });
        Assert.Contains("There is no run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_watch_are_told_of_new_and_changed_runs()
    {
        var run = Add("first", steps: 1);
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(portal.Server.BaseAddress, TrainingHub.Address), OverTestServer)
            .AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter())).Build();
        var told = System.Threading.Channels.Channel.CreateUnbounded<IReadOnlyList<RunSummary>>();
        connection.On<IReadOnlyList<RunSummary>>(nameof(ITrainingClient.RunsChanged), runs => told.Writer.TryWrite(runs));
        await connection.StartAsync();
        await connection.InvokeAsync(nameof(TrainingHub.WatchRuns));

        await UntilAsync(told.Reader, runs => runs is [{ Id: "first", Step: 1, State: RunState.Completed }]);
        Append(run, 3);
        await UntilAsync(told.Reader, runs => runs is [{ Id: "first", Step: 4 }]);
        Add("second", steps: 2);
        await UntilAsync(told.Reader, runs => runs is [{ Id: "second", Step: 2 }]);
        Assert.Equal(2, (await Remote().ListAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task The_wire_format_is_the_one_the_documentation_shows()
    {
        Add("wire", steps: 1);
        using var patience = new CancellationTokenSource(Patience);
        using var socket = await portal.Server.CreateWebSocketClient().ConnectAsync(new Uri(portal.Server.BaseAddress, TrainingHub.Address), patience.Token);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        Assert.Equal("{}", (await ReceiveAsync(socket, patience.Token))[0]);
        await SendAsync(socket, """{"type":4,"invocationId":"1","target":"Follow","arguments":["wire",0]}""");
        JsonNode? item = null;
        while (item is null) item = (await ReceiveAsync(socket, patience.Token)).Select(text => JsonNode.Parse(text)!).FirstOrDefault(message => (int)message["type"]! == 2)?["item"];

        Assert.Equal(["run", "events", "hasMore", "damagedLines"], item.AsObject().Select(field => field.Key));
        var step = item["events"]![1]!.AsObject();
        Assert.Equal(["sequence", "time", "kind", "phase", "step", "steps", "values", "texts"], step.Select(field => field.Key));
        Assert.Equal((2L, "step", 1.0), ((long)step["sequence"]!, (string)step["kind"]!, (double)step["values"]!["loss"]!));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://localhost", true)]
    [InlineData("https://portal.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://localhost:81", false)]
    [InlineData("null", false)]
    public void Pages_of_other_sites_may_not_listen_unless_they_are_listed(string? origin, bool isAllowed) =>
        Assert.Equal(isAllowed, OriginGuard.IsAllowed(origin, "localhost", ["https://portal.example"]));

    [Fact]
    public async Task A_foreign_page_is_refused_before_anything_is_opened()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{TrainingHub.Address}/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await portal.Visitor().SendAsync(request)).StatusCode);
    }

    public void Dispose() => portal.Dispose();

    private RemoteRun Remote() => new(portal.Server.BaseAddress, TimeProvider.System, OverTestServer);

    private void OverTestServer(HttpConnectionOptions options)
    {
        options.HttpMessageHandlerFactory = _ => portal.Server.CreateHandler();
        options.Transports = HttpTransportType.ServerSentEvents;
    }

    private RunFolder Add(string id, int steps)
    {
        var run = RunFolder.CreateOrOpen(Path.Combine(portal.Services.GetRequiredService<RunCatalog>().Folder, id), new JsonObject { ["kind"] = "sft" });
        using (var log = new EventLog(run.EventFile, TimeProvider.System)) log.Append("started", []);
        run.WriteStatus("completed");
        Append(run, steps);
        return run;
    }

    private static void Append(RunFolder run, int steps)
    {
        using var log = new EventLog(run.EventFile, TimeProvider.System);
        for (var i = 0; i < steps; i++) log.Append("step", new JsonObject { ["phase"] = "text", ["step"] = log.Sequence, ["steps"] = 100, ["loss"] = 1.0 / log.Sequence });
    }

    private static async Task UntilAsync(System.Threading.Channels.ChannelReader<IReadOnlyList<RunSummary>> told, Func<IReadOnlyList<RunSummary>, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition(await told.ReadAsync(patience.Token))) { }
    }

    private static Task SendAsync(WebSocket socket, string message) => socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<string[]> ReceiveAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[1 << 16];
        while (text.Length == 0 || text[^1] != '\u001e')
        {
            var received = await socket.ReceiveAsync(buffer, cancellationToken);
            text.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        return text.ToString().Split('\u001e', StringSplitOptions.RemoveEmptyEntries);
    }
}
