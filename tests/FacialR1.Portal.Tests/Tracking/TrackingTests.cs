using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FacialR1.Portal.Runs;
using FacialR1.Portal.Tests.Hosting;
using FacialR1.Portal.Tracking;
using FacialR1.Training.Runs;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FacialR1.Portal.Tests.Tracking;

/// <summary>Requests have the shape that MLflow's Python client gives them: run_uuid beside run_id, numbers as numbers, queries in the address for GET.</summary>
public sealed class TrackingTests : IDisposable
{
    private const string Token = "a-token-for-tests-only";
    private readonly PortalFactory portal = new(ScriptedModel.Answering(""));
    private readonly WebApplicationFactory<Program> open;
    private readonly HttpClient client;

    public TrackingTests()
    {
        open = portal.WithWebHostBuilder(host => host.UseSetting("Tracking:Token", Token));
        client = open.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("mlflow-python-client/3.1.0");
    }

    [Fact]
    public async Task A_trainer_on_a_cluster_appears_among_the_runs_with_its_series_and_its_end()
    {
        // What mlflow.set_experiment and start_run send.
        var missing = await GetAsync("experiments/get-by-name?experiment_name=facial-r1", HttpStatusCode.NotFound);
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", (string)missing["error_code"]!);
        var experiment = (string)(await PostAsync("experiments/create", """{"name": "facial-r1"}"""))["experiment_id"]!;
        Assert.Equal("facial-r1", (string)(await GetAsync($"experiments/get?experiment_id={experiment}"))["experiment"]!["name"]!);
        var created = await PostAsync("runs/create", $$$"""{"experiment_id": "{{{experiment}}}", "user_id": "trainer", "start_time": 1732363200000, "tags": [{"key": "mlflow.user", "value": "trainer"}, {"key": "mlflow.source.name", "value": "train_grpo.py"}], "run_name": "grpo-7b"}""");
        var id = (string)created["run"]!["info"]!["run_id"]!;
        Assert.Equal((id, "RUNNING", "active"), ((string)created["run"]!["info"]!["run_uuid"]!, (string)created["run"]!["info"]!["status"]!, (string)created["run"]!["info"]!["lifecycle_stage"]!));

        // What the callback of a trainer sends: parameters in chunks, then metrics of one or several steps in a batch.
        await PostAsync("runs/log-batch", $$"""{"run_id": "{{id}}", "params": [{"key": "max_steps", "value": "200"}, {"key": "seed", "value": "42"}, {"key": "_name_or_path", "value": "Qwen/Qwen2.5-VL-7B-Instruct"}]}""");
        await PostAsync("runs/log-batch", $$"""{"run_id": "{{id}}", "metrics": [{"key": "loss", "value": 0.25, "timestamp": 1732363210000, "step": 1}, {"key": "reward", "value": 1.5, "timestamp": 1732363210000, "step": 1}, {"key": "loss", "value": 0.2, "timestamp": 1732363220000, "step": 2}, {"key": "eval_accuracy", "value": 0.5, "timestamp": 1732363220000, "step": 2}]}""");
        await PostAsync("runs/log-metric", $$"""{"run_uuid": "{{id}}", "run_id": "{{id}}", "key": "kl", "value": "NaN", "timestamp": 1732363220500, "step": 2}""");
        await PostAsync("runs/set-tag", $$"""{"run_uuid": "{{id}}", "run_id": "{{id}}", "key": "stage", "value": "grpo"}""");
        var (_, running) = Find(id);
        Assert.Equal(("external", "grpo", "grpo-7b", "Qwen/Qwen2.5-VL-7B-Instruct", RunState.Running, "elsewhere"), (running.Kind, running.Stage, running.Name, running.Parent, running.State, running.Device));
        Assert.Equal((2L, 200L, 0.2, 1.5, 0.5), (running.Step, running.Steps, running.Values["loss"], running.Values["reward"], running.Validation["eval_accuracy"]));

        var updated = await PostAsync("runs/update", $$"""{"run_uuid": "{{id}}", "run_id": "{{id}}", "status": "FINISHED", "end_time": 1732363300000}""");
        Assert.Equal("FINISHED", (string)updated["run_info"]!["status"]!);
        var (folder, done) = Find(id);
        Assert.Equal(RunState.Completed, done.State);
        var events = new RunEventReader(folder.EventFile).Read();
        Assert.Equal(["started", "step", "step", "validation", "step", "completed"], events.Select(read => read.Kind));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1732363210000), events[1].Time);
        Assert.Null(events[4].Values["kl"]);

        var told = (await GetAsync($"runs/get?run_uuid={id}&run_id={id}"))["run"]!;
        Assert.Equal(0.2, told["data"]!["metrics"]!.AsArray().Single(metric => (string)metric!["key"]! == "loss")!["value"]!.GetValue<double>());
        Assert.Equal("42", (string)told["data"]!["params"]!.AsArray().Single(row => (string)row!["key"]! == "seed")!["value"]!);
    }

    [Fact]
    public async Task What_is_sent_twice_because_an_answer_was_lost_is_kept_once_also_after_a_restart()
    {
        var id = await CreateAsync();
        var batch = $$"""{"run_id": "{{id}}", "metrics": [{"key": "actor/entropy", "value": 1.25, "timestamp": 1732363210000, "step": 1}, {"key": "critic/rewards/mean", "value": 0.5, "timestamp": 1732363210000, "step": 1}, {"key": "step", "value": 3, "timestamp": 1732363210000, "step": 1}]}""";
        await PostAsync("runs/log-batch", batch);
        await PostAsync("runs/log-batch", batch);
        open.Services.GetRequiredService<ExternalRuns>().Dispose();   // forgets everything that is not on disk
        await PostAsync("runs/log-batch", batch);

        var (folder, run) = Find(id);
        var step = Assert.Single(new RunEventReader(folder.EventFile).Read(), read => read.Kind == "step");
        Assert.Equal([1.25, 0.5, 3], ((string[])["entropy", "reward", "metric/step"]).Select(name => step.Values[name]));
        Assert.Equal("actor/entropy", (string)folder.Description["renamed"]!["entropy"]!);
        var told = (await GetAsync($"runs/get?run_id={id}"))["run"]!["data"]!["metrics"]!.AsArray().Select(metric => (string)metric!["key"]!);
        Assert.Equal(["actor/entropy", "critic/rewards/mean", "step"], told.Order(StringComparer.Ordinal));
        Assert.Equal(1, run.Step);
    }

    [Fact]
    public async Task Runs_are_found_again_by_equalities_page_by_page()
    {
        var first = await CreateAsync("first");
        await CreateAsync("second");
        await PostAsync("runs/set-tag", $$"""{"run_id": "{{first}}", "key": "mlflow.note", "value": "mine"}""");
        var found = await PostAsync("runs/search", """{"experiment_ids": ["0"], "filter": "attributes.run_name = 'first' and tags.`mlflow.note` = 'mine'", "run_view_type": "ACTIVE_ONLY", "max_results": 1000}""");
        Assert.Equal(first, (string)Assert.Single(found["runs"]!.AsArray())!["info"]!["run_id"]!);
        var page = await PostAsync("runs/search", """{"experiment_ids": ["0"], "max_results": 1}""");
        Assert.Single(page["runs"]!.AsArray());
        var rest = await PostAsync("runs/search", $$"""{"experiment_ids": ["0"], "max_results": 1, "page_token": "{{page["next_page_token"]}}"}""");
        Assert.NotEqual((string)page["runs"]![0]!["info"]!["run_id"]!, (string)rest["runs"]![0]!["info"]!["run_id"]!);
        Assert.Null(rest["next_page_token"]);
        Assert.Equal("INVALID_PARAMETER_VALUE", (string)(await PostAsync("runs/search", """{"filter": "metrics.loss < 1"}""", HttpStatusCode.BadRequest))["error_code"]!);
        Assert.Contains((await PostAsync("experiments/search", """{"max_results": 100}"""))["experiments"]!.AsArray(), experiment => (string)experiment!["name"]! == "Default");
    }

    [Theory]
    [InlineData("runs/log-metric", """{"run_id": "RUN", "key": "loss", "timestamp": 1}""", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/log-metric", """{"run_id": "RUN", "value": 1, "timestamp": 1}""", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/log-metric", """{"run_id": "00000000000000000000000000000000", "key": "a", "value": 1, "timestamp": 1}""", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("runs/log-metric", """{"run_id": "../../../etc/passwd", "key": "a", "value": 1, "timestamp": 1}""", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("runs/log-metric", """{"run_id": "RUN", "key": "a", "value": 1, "timestamp": 9223372036854775807}""", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/update", """{"run_id": "RUN", "status": "DONE"}""", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/log-batch", """{"run_id": 7, "metrics": "x"}""", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/log-batch", """{"run_id": "RUN", "metrics": [{"key": "a", "timestamp": 1}]}""", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/log-batch", "null", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/log-batch", "", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("runs/create", """{"experiment_id": "77"}""", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("experiments/create", """{"name": "Default"}""", 400, "RESOURCE_ALREADY_EXISTS")]
    [InlineData("traces", "{}", 404, "ENDPOINT_NOT_FOUND")]
    public async Task Refusals_are_in_the_protocols_own_words(string path, string body, int status, string code)
    {
        var id = await CreateAsync();
        var refused = await PostAsync(path, body.Replace("RUN", id, StringComparison.Ordinal), (HttpStatusCode)status);
        Assert.Equal(code, (string)refused["error_code"]!);
        Assert.False(string.IsNullOrWhiteSpace((string)refused["message"]!));
    }

    [Fact]
    public async Task A_parameter_keeps_its_first_value()
    {
        var id = await CreateAsync();
        await PostAsync("runs/log-parameter", $$"""{"run_uuid": "{{id}}", "run_id": "{{id}}", "key": "beta", "value": "0.04"}""");
        await PostAsync("runs/log-parameter", $$"""{"run_uuid": "{{id}}", "run_id": "{{id}}", "key": "beta", "value": "0.04"}""");
        Assert.Contains("0.04", (string)(await PostAsync("runs/log-parameter", $$"""{"run_id": "{{id}}", "key": "beta", "value": "0.1"}""", HttpStatusCode.BadRequest))["message"]!, StringComparison.Ordinal);
    }

    /// <summary>What mlflow.log_input, log_artifact, log_table and log_model send: nothing of it may end the trainer's run.</summary>
    [Fact]
    public async Task Files_and_models_are_taken_without_being_kept_and_the_run_says_so()
    {
        var id = await CreateAsync();
        await PostAsync("runs/log-inputs", $$$"""{"run_id": "{{{id}}}", "datasets": [{"tags": [{"key": "mlflow.data.context", "value": "training"}], "dataset": {"name": "fea-20k", "digest": "1f2e3d4c", "source_type": "local", "source": "{\"uri\": \"fea\"}"}}]}""");
        await PostAsync("runs/log-model", $$"""{"run_id": "{{id}}", "model_json": "{\"artifact_path\": \"model\"}"}""");
        Assert.Empty((await GetAsync($"artifacts/list?run_id={id}"))["files"]!.AsArray());
        for (var times = 0; times < 2; times++)
        {
            using var file = new StreamContent(new MemoryStream(new byte[5 << 20]));   // more than a request of metrics may have
            var response = await client.PutAsync(new Uri($"/api/2.0/mlflow-artifacts/artifacts/0/{id}/artifacts/tables/completions.json", UriKind.Relative), file);
            Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        }

        using (var stray = new StringContent("x"))
            Assert.Equal(HttpStatusCode.NotFound, (await client.PutAsync(new Uri("/api/2.0/mlflow-artifacts/artifacts/0/no-such-run/artifacts/a", UriKind.Relative), stray)).StatusCode);
        var (folder, run) = Find(id);
        Assert.Equal(RunState.Running, run.State);
        var events = new RunEventReader(folder.EventFile).Read();
        Assert.Equal(["started", "input", "model_not_kept", "artifact_not_kept"], events.Select(read => read.Kind));
        Assert.Equal(("fea-20k", "tables/completions.json"), (events[1].Texts["dataset"], events[3].Texts["name"]));
        Assert.Equal(["events.jsonl", "mlflow.json", "run.json", "status"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_history_of_a_metric_is_told_under_the_trainers_own_name()
    {
        var id = await CreateAsync();
        await PostAsync("runs/log-batch", $$"""{"run_id": "{{id}}", "metrics": [{"key": "actor/kl_loss", "value": 0.1, "timestamp": 1732363210000, "step": 1}, {"key": "actor/kl_loss", "value": "NaN", "timestamp": 1732363220000, "step": 2}]}""");
        var history = (await GetAsync($"metrics/get-history?run_uuid={id}&run_id={id}&metric_key=actor%2Fkl_loss"))["metrics"]!.AsArray();
        Assert.Equal(["0.1", "NaN"], history.Select(metric => metric!["value"]!.ToString()));
        Assert.Empty((await GetAsync($"metrics/get-history?run_id={id}&metric_key=loss"))["metrics"]!.AsArray());
    }

    [Fact]
    public async Task A_tag_can_be_taken_away()
    {
        var id = await CreateAsync();
        await PostAsync("runs/set-tag", $$"""{"run_id": "{{id}}", "key": "stage", "value": "grpo"}""");
        await PostAsync("runs/delete-tag", $$"""{"run_id": "{{id}}", "key": "stage"}""");
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", (string)(await PostAsync("runs/delete-tag", $$"""{"run_id": "{{id}}", "key": "stage"}""", HttpStatusCode.NotFound))["error_code"]!);
    }

    [Theory]
    [InlineData("trainer", Token, HttpStatusCode.OK)]
    [InlineData("trainer", "pass:word", HttpStatusCode.Unauthorized)]
    [InlineData(Token, "", HttpStatusCode.Unauthorized)]
    public async Task With_a_user_name_the_password_is_the_token(string user, string password, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/experiments/get?experiment_id=0");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var named = open.CreateClient();
        Assert.Equal(expected, (await named.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic not base 64")]
    [InlineData("Bearer")]
    [InlineData("Bearer another-token-altogether")]
    [InlineData("Basic YS10b2tlbi1mb3ItdGVzdHMtb25seQ==")]
    public async Task Without_the_token_nothing_is_told_or_taken(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/2.0/mlflow/runs/create") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var stranger = open.CreateClient();
        var response = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("UNAUTHENTICATED", (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error_code"]!);
        Assert.Empty(open.Services.GetRequiredService<RunCatalog>().Refresh());
    }

    [Fact]
    public async Task A_portal_without_a_token_takes_nothing_and_says_how_to_change_that()
    {
        using var closed = new PortalFactory(ScriptedModel.Answering(""));
        var response = await closed.Visitor().GetAsync(new Uri("/api/2.0/mlflow/experiments/get?experiment_id=0", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("Tracking__Token", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        client.Dispose();
        open.Dispose();
        portal.Dispose();
    }

    private async Task<string> CreateAsync(string name = "run") =>
        (string)(await PostAsync("runs/create", $$"""{"experiment_id": "0", "start_time": 1732363200000, "run_name": "{{name}}"}"""))["run"]!["info"]!["run_id"]!;

    private (RunFolder Folder, RunSummary Summary) Find(string id)
    {
        var catalog = open.Services.GetRequiredService<RunCatalog>();
        catalog.Refresh();
        return (catalog.FolderOf($"mlflow-{id}"), catalog.Find($"mlflow-{id}")!);
    }

    private async Task<JsonNode> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) => await ReadAsync(await client.GetAsync(new Uri($"/api/2.0/mlflow/{path}", UriKind.Relative)), expected);

    private async Task<JsonNode> PostAsync(string path, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ReadAsync(await client.PostAsync(new Uri($"/api/2.0/mlflow/{path}", UriKind.Relative), content), expected);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
