using FacialR1.Analysis;
using FacialR1.Portal.Inference;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Remote;

/// <summary>What may be shown of a model behind a server: everything but its key.</summary>
/// <param name="Host">Host and port.</param>
/// <param name="Model">The model, as the server calls it.</param>
/// <param name="Prompt">Id of the prompt.</param>
/// <param name="Concurrency">Requests open at a time.</param>
/// <param name="Price">In words; null when no price is configured.</param>
public sealed record RemoteModel(string Host, string Model, string Prompt, int Concurrency, string? Price);

/// <summary>The configured models behind servers, as entries of the checkpoint catalog.</summary>
public sealed class RemoteModels : IDisposable
{
    /// <summary>Before every name, so that no folder can be taken for a server.</summary>
    public const string Prefix = "remote:";

    private readonly RemoteOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient http;

    public RemoteModels(IOptions<RemoteOptions> options, TimeProvider clock)
    {
        (this.options, this.clock) = (options.Value, clock);
        // Redirects are not followed: a picture of a face goes to the configured address and nowhere else. Silence is timed per piece, not per answer.
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<CheckpointEntry> All() =>
        [.. options.Models.OrderBy(model => model.Key, StringComparer.Ordinal).Select(model => Entry(model.Key, model.Value))];

    /// <summary>The model of an entry of <see cref="All"/>.</summary>
    public IReasoningModel Create(CheckpointEntry entry) => options.Models.TryGetValue(entry.Name[Prefix.Length..], out var model)
        ? new RemoteReasoningModel(entry.Name, model, http, clock, Random.Shared.NextDouble)
        : throw new ModelUnavailableException($"There is no model \"{entry.Name}\" in the configuration any more.");

    public void Dispose() => http.Dispose();

    private static CheckpointEntry Entry(string name, RemoteModelOptions model)
    {
        var host = new Uri(model.Url).Authority;
        var price = TokenPrice.IsKnown(model)
            ? FormattableString.Invariant($"{model.PromptPrice ?? 0:0.####} {model.Currency} a million prompt tokens, {model.AnswerPrice ?? 0:0.####} {model.Currency} a million answer tokens") : null;
        var problem = model.KeyVariable is { Length: > 0 } variable && model.ReadKey() is null
            ? $"The key of {Prefix}{name} should be in the environment variable {variable}, which is empty. Set it and start the portal again." : null;
        return new CheckpointEntry(Prefix + name, null, null, 0, null, problem) { Remote = new RemoteModel(host, model.Model, model.Prompt, model.Concurrency, price) };
    }
}
