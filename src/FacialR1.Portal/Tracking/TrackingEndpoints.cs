using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Tracking;

/// <summary>The part of MLflow's tracking REST API (2.0 paths) that trainers use. A trainer needs <c>MLFLOW_TRACKING_URI</c> and <c>MLFLOW_TRACKING_TOKEN</c>, and its runs appear among ours.</summary>
public static class TrackingEndpoints
{
    private const string Prefix = "/api/2.0/mlflow", Artifacts = "/api/2.0/mlflow-artifacts/artifacts";
    private const int UsualResults = 1000, MostResults = 50_000;
    private static readonly string[] Statuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    public static void MapTracking(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Prefix).DisableAntiforgery();
        Get(api, "/experiments/get", (runs, query) => new { experiment = runs.Experiment(query["experiment_id"]) });
        Get(api, "/experiments/get-by-name", (runs, query) => new { experiment = runs.ExperimentNamed(query["experiment_name"]) });
        Get(api, "/experiments/list", (runs, _) => new { experiments = runs.Experiments() });
        Get(api, "/experiments/search", (runs, query) => Search(runs, new SearchExperiments(query["filter"], Whole(query["max_results"]), query["page_token"], null)));
        Post<SearchExperiments>(api, "/experiments/search", Search);
        Post<CreateExperiment>(api, "/experiments/create", (runs, asked) => new { experiment_id = runs.CreateExperiment(asked.Name, Limits.Checked(asked.Tags, Limits.TagsPerBatch, Limits.LongestTag, "tags")) });
        Post<SetExperimentTag>(api, "/experiments/set-experiment-tag", (runs, asked) =>
        {
            runs.TagExperiment(asked.ExperimentId, Limits.Checked([new MlflowTag(asked.Key!, asked.Value!)], 1, Limits.LongestTag, "tags")[0]);
            return new Dictionary<string, string>();
        });

        Post<CreateRun>(api, "/runs/create", (runs, asked) => new { run = runs.CreateRun(asked, Limits.Checked(asked.Tags, Limits.TagsPerBatch, Limits.LongestTag, "tags")) });
        Get(api, "/runs/get", (runs, query) => new { run = runs.With((string?)query["run_id"] ?? query["run_uuid"], run => run.Describe()) });
        Post<UpdateRun>(api, "/runs/update", Update);
        Post<SearchRuns>(api, "/runs/search", Search);
        Post<LogMetric>(api, "/runs/log-metric", (runs, asked) => Write(runs, asked.RunId ?? asked.RunUuid, run =>
            run.LogMetrics(Limits.Checked([new MlflowMetric(asked.Key!, Needed(asked.Value, "value"), Needed(asked.Timestamp, "timestamp"), asked.Step ?? 0)]))));
        Post<LogParameter>(api, "/runs/log-parameter", (runs, asked) => Write(runs, asked.RunId ?? asked.RunUuid, run =>
            run.LogParams(Limits.Checked([new MlflowTag(asked.Key!, asked.Value ?? "")], 1, Limits.LongestParam, "params"))));
        Post<LogParameter>(api, "/runs/set-tag", (runs, asked) => Write(runs, asked.RunId ?? asked.RunUuid, run =>
            run.SetTags(Limits.Checked([new MlflowTag(asked.Key!, asked.Value ?? "")], 1, Limits.LongestTag, "tags"))));
        Post<DeleteTag>(api, "/runs/delete-tag", (runs, asked) => Write(runs, asked.RunId, run => run.DeleteTag(asked.Key)));
        Post<LogBatch>(api, "/runs/log-batch", LogAll);
        Post<LogInputs>(api, "/runs/log-inputs", (runs, asked) => Write(runs, asked.RunId, run => run.LogInputs(asked.Datasets ?? [])));
        // Taken so that the trainer goes on, and told in the run's own log: files and models stay where the trainer has them.
        Post<LogModel>(api, "/runs/log-model", (runs, asked) => Write(runs, asked.RunId, run => run.LogUnkept("model", asked.ArtifactPath ?? "model")));
        Post<LogModel>(api, "/runs/outputs", (runs, asked) => Write(runs, asked.RunId, run => run.LogUnkept("model", asked.ArtifactPath ?? "model")));
        Get(api, "/artifacts/list", (runs, query) => runs.With((string?)query["run_id"] ?? query["run_uuid"], run => new { root_uri = run.Describe().Info.ArtifactUri, files = Array.Empty<object>() }));
        Get(api, "/metrics/get-history", (runs, query) => runs.With((string?)query["run_id"] ?? query["run_uuid"], run => new
        {
            metrics = run.History((string?)query["metric_key"] ?? throw MlflowException.Invalid("Missing value for required parameter 'metric_key'.")),
        }));
        // Whatever else a client tries gets an answer in its own language, with the token or without.
        api.Map("/{**rest}", (HttpContext context) => Answer(context, (_, _) => throw new MlflowException("ENDPOINT_NOT_FOUND", StatusCodes.Status404NotFound,
            $"This portal takes experiments, runs, metrics, parameters and tags; it has no {context.Request.Method} {context.Request.Path}.")));
        endpoints.MapGet(Artifacts, (HttpContext context) => Answer(context, (_, _) => new { files = Array.Empty<object>() })).DisableAntiforgery();
        endpoints.MapPut(Artifacts + "/{experiment}/{run}/artifacts/{**name}", DiscardAsync).DisableAntiforgery();
        endpoints.Map("/api/2.0/mlflow-artifacts/{**rest}", (HttpContext context) => Answer(context, (_, _) => throw new MlflowException("NOT_IMPLEMENTED", StatusCodes.Status501NotImplemented,
            "This portal takes metrics, parameters and tags, not files. Leave artifacts where the trainer writes them."))).DisableAntiforgery();
    }

    /// <summary>Reads a file to its end and keeps nothing of it: an answer before that, or a refusal, would end the trainer's run for the sake of a file.</summary>
    private static async Task DiscardAsync(HttpContext context, string run, string name)
    {
        try
        {
            Authorise(context);
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            var answer = await Task.Run(() => Write(context.RequestServices.GetRequiredService<ExternalRuns>(), run, found => found.LogUnkept("artifact", name)), context.RequestAborted);
            await WriteAsync(context, StatusCodes.Status200OK, answer);
        }
        catch (MlflowException error)
        {
            await WriteAsync(context, error.Status, new { error_code = error.Code, message = error.Message });
        }
    }

    private static object LogAll(ExternalRuns runs, LogBatch asked)
    {
        var metrics = Limits.Checked(asked.Metrics);
        var parameters = Limits.Checked(asked.Params, Limits.ParamsPerBatch, Limits.LongestParam, "params");
        var tags = Limits.Checked(asked.Tags, Limits.TagsPerBatch, Limits.LongestTag, "tags");
        return Write(runs, asked.RunId, run =>
        {
            run.LogParams(parameters);
            run.SetTags(tags);
            run.LogMetrics(metrics);
        });
    }

    private static object Update(ExternalRuns runs, UpdateRun asked)
    {
        if (asked.Status is { } status && !Statuses.Contains(status)) throw MlflowException.Invalid($"'{status}' is no run status; there are {string.Join(", ", Statuses)}.");
        return new
        {
            run_info = runs.With(asked.RunId ?? asked.RunUuid, run =>
            {
                run.Update(asked.Status, asked.EndTime, asked.RunName);
                return run.Describe().Info;
            }),
        };
    }

    private static object Search(ExternalRuns runs, SearchRuns asked)
    {
        var matches = RunFilter.Parse(asked.Filter);
        var found = runs.Runs().Where(run => asked.ExperimentIds is not { Count: > 0 } ids || ids.Contains(run.Info.ExperimentId)).Where(matches)
            .OrderByDescending(run => run.Info.StartTime).ThenBy(run => run.Info.RunId, StringComparer.Ordinal).ToList();
        var (page, next) = Page(found, asked.MaxResults, asked.PageToken);
        return new { runs = page, next_page_token = next };
    }

    private static object Search(ExternalRuns runs, SearchExperiments asked)
    {
        if (!string.IsNullOrWhiteSpace(asked.Filter)) throw MlflowException.Invalid("Experiments are listed without a filter, or got by name.");
        var (page, next) = Page([.. runs.Experiments().OrderByDescending(experiment => experiment.LastUpdateTime)], asked.MaxResults, asked.PageToken);
        return new { experiments = page, next_page_token = next };
    }

    private static (IReadOnlyList<T> Page, string? Next) Page<T>(List<T> all, int? size, string? token)
    {
        var count = size ?? UsualResults;
        if (count is < 1 or > MostResults) throw MlflowException.Invalid($"max_results lies between 1 and {MostResults}.");
        var start = string.IsNullOrEmpty(token) ? 0 : Whole(token) ?? throw MlflowException.Invalid("The page token is not one that this portal gave.");
        return ([.. all.Skip(start).Take(count)], start + count < all.Count ? (start + count).ToString(CultureInfo.InvariantCulture) : null);
    }

    private static Dictionary<string, string> Write(ExternalRuns runs, string? id, Action<ExternalRun> work) => runs.With(id, run =>
    {
        work(run);
        return new Dictionary<string, string>();
    });

    private static int? Whole(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static T Needed<T>(T? value, string name) where T : struct => value ?? throw MlflowException.Invalid($"Missing value for required parameter '{name}'.");

    private static void Get(RouteGroupBuilder api, string path, Func<ExternalRuns, IQueryCollection, object> work) =>
        api.MapGet(path, (HttpContext context) => Answer(context, (runs, _) => work(runs, context.Request.Query)));

    private static void Post<TBody>(RouteGroupBuilder api, string path, Func<ExternalRuns, TBody, object> work) => api.MapPost(path, (HttpContext context) => Answer(context, (runs, body) =>
    {
        try
        {
            return work(runs, JsonSerializer.Deserialize<TBody>(body.Span, MlflowJson.Options) ?? throw MlflowException.Invalid("The request has no JSON object."));
        }
        catch (JsonException error)
        {
            throw MlflowException.Invalid($"The request is not as expected: {error.Message}");
        }
    }));

    private static async Task Answer(HttpContext context, Func<ExternalRuns, ReadOnlyMemory<byte>, object> work)
    {
        try
        {
            Authorise(context);
            var body = await BodyAsync(context);
            var answer = await Task.Run(() => work(context.RequestServices.GetRequiredService<ExternalRuns>(), body), context.RequestAborted);
            await WriteAsync(context, StatusCodes.Status200OK, answer);
        }
        catch (MlflowException error)
        {
            await WriteAsync(context, error.Status, new { error_code = error.Code, message = error.Message });
        }
        catch (BadHttpRequestException error)
        {
            await WriteAsync(context, error.StatusCode, new { error_code = "INVALID_PARAMETER_VALUE", message = error.Message });
        }
        catch (IOException error)
        {
            // 503 is what clients try again after a while; room on the disk may be made until then.
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new { error_code = "TEMPORARILY_UNAVAILABLE", message = error.Message });
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = Limits.LargestBody;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private static Task WriteAsync(HttpContext context, int status, object answer)
    {
        // The body is for programs: no page may take its place.
        if (context.Features.Get<Microsoft.AspNetCore.Diagnostics.IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(answer, answer.GetType(), MlflowJson.Options, "application/json", context.RequestAborted);
    }

    private static void Authorise(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<IOptions<TrackingOptions>>().Value.Token is not { Length: > 0 } token)
            throw new MlflowException("PERMISSION_DENIED", StatusCodes.Status403Forbidden,
                "This portal takes no runs from outside because it has no token. Start it with Tracking__Token set in its environment, and the trainer with the same text as MLFLOW_TRACKING_TOKEN.");
        if (!Same(GivenToken(context.Request.Headers.Authorization.ToString()), token))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw new MlflowException("UNAUTHENTICATED", StatusCodes.Status401Unauthorized,
                "The token is missing or not this portal's. Set MLFLOW_TRACKING_TOKEN where the trainer runs, or MLFLOW_TRACKING_PASSWORD beside any MLFLOW_TRACKING_USERNAME.");
        }
    }

    /// <summary>The client sends MLFLOW_TRACKING_TOKEN as bearer, and MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD as basic authorisation; then the password is the token.</summary>
    private static string GivenToken(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var given) || given.Parameter is not { Length: > 0 } parameter) return "";
        if (given.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return parameter.Trim();
        var bytes = new byte[parameter.Length];
        if (!given.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(parameter, bytes, out var length)) return "";
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? pair[(colon + 1)..] : "";
    }

    /// <summary>Compares hashes, so that the time it takes tells nothing about how much was right.</summary>
    private static bool Same(string given, string token) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
