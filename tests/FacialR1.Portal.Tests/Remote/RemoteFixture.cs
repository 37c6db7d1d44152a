using FacialR1.Analysis;
using FacialR1.Portal.Remote;
using Microsoft.Extensions.Time.Testing;

namespace FacialR1.Portal.Tests.Remote;

/// <summary>A remote model that asks a <see cref="ChatServer"/>, on a clock that the test moves.</summary>
internal sealed class RemoteFixture : IDisposable
{
    public const string Name = "remote:tiny", Key = "sk-very-secret-123";
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public RemoteFixture(string url, Func<RemoteModelOptions, RemoteModelOptions>? change = null, FakeTimeProvider? clock = null)
    {
        Clock = clock ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        var options = new RemoteModelOptions { Url = url, Model = "tiny-vl", Key = Key, Timeout = TimeSpan.FromHours(1) };   // the clock runs fast; a test of silence sets its own
        Model = new RemoteReasoningModel(Name, change?.Invoke(options) ?? options, http, Clock, draw: () => 0.5);
    }

    public FakeTimeProvider Clock { get; }
    public RemoteReasoningModel Model { get; }

    public static AnalysisRequest Question => new(PortalFolder.Picture(30), DecodingOptions.Greedy);

    /// <summary>Asks and reads to the end while the clock runs, a quarter of a second at a time.</summary>
    public Task<List<AnswerUpdate>> AskAsync(AnalysisRequest? request = null, CancellationToken cancellationToken = default) => WhileTimePassesAsync(ReadAsync(request ?? Question, cancellationToken));

    public async Task<AnswerFinished> FinishAsync(AnalysisRequest? request = null) => Assert.IsType<AnswerFinished>((await AskAsync(request)).Last());

    public Task<ModelUnavailableException> FailureAsync(AnalysisRequest? request = null) => Assert.ThrowsAsync<ModelUnavailableException>(() => AskAsync(request));

    /// <param name="until">The clock stands from then on; null: it runs to the end.</param>
    public async Task<TResult> WhileTimePassesAsync<TResult>(Task<TResult> work, Func<bool>? until = null)
    {
        while (!work.IsCompleted && until?.Invoke() != true)
        {
            await Task.WhenAny(work, Task.Delay(10));
            Clock.Advance(TimeSpan.FromSeconds(0.25));
        }
        return await work;
    }

    public async Task<List<AnswerUpdate>> ReadAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var updates = new List<AnswerUpdate>();
        await foreach (var update in Model.AnswerAsync(request, cancellationToken)) updates.Add(update);
        return updates;
    }

    public void Dispose()
    {
        Model.Dispose();
        http.Dispose();
    }
}
