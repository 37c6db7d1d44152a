using System.Diagnostics;
using Bunit;
using FacialR1.Portal.Features.Rollouts;
using FacialR1.Portal.Features.Synthesis;
using FacialR1.Portal.Features.Training;
using FacialR1.Portal.Features.Training.Charts;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Xunit.Abstractions;

namespace FacialR1.Portal.Tests.Features.Training;

public sealed class RunPageTests(ITestOutputHelper output) : ComponentTest
{
    private RunFolderWriter Run(string id = "r1", string kind = "grpo", string status = "completed") => new(Folder.Paths.Runs, id, kind, status);

    private IRenderedComponent<T> Show<T>(string address, string id = "r1") where T : IComponent
    {
        Service<RunCatalog>().Refresh();
        Service<NavigationManager>().NavigateTo(address);
        var page = Render<T>(parameters => { if (typeof(T) != typeof(TrainingPage)) parameters.TryAdd("Id", id); });
        page.WaitForState(() => !page.Markup.Contains("mud-skeleton", StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        return page;
    }

    private string Address => Service<NavigationManager>().ToBaseRelativePath(Service<NavigationManager>().Uri);

    [Fact]
    public void Without_runs_the_page_says_how_to_start_one() =>
        Assert.Equal("/training/new", Show<TrainingPage>("/training").Find(".page-message a").GetAttribute("href"));

    [Fact]
    public void The_list_shows_state_stage_place_and_the_last_value()
    {
        Run().Event("started").Steps(3, step => [("reward", step / 2.0), ("loss", 1)]);
        var item = Show<TrainingPage>("/training").Find(".runs li").TextContent;

        Assert.Contains("completed", item, StringComparison.Ordinal);
        Assert.Contains("grpo, from mini-sft", item, StringComparison.Ordinal);
        Assert.Contains("step 3 of 1,000", item, StringComparison.Ordinal);
        Assert.Contains("reward 1.5", item, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_measure_has_a_chart_and_what_is_not_logged_says_so()
    {
        Run().Event("started").Steps(5, step => [("loss", step), ("reward", step), ("reward_std", 0.5), ("tokens", 9)])
            .Event("validation", 5, "grpo", ("val_emotion_accuracy", 0.6), ("val_n", 4846));
        var page = Show<RunPage>("/training/r1");

        Assert.Equal("Not logged by this run.", page.Find("#kl .chart-empty").TextContent);
        Assert.Empty(page.FindAll("#loss .chart-empty"));
        Assert.NotEmpty(page.FindAll("#reward .chart-band"));
        Assert.Contains("n = 4,846", page.Find("#validation .chart-note").TextContent, StringComparison.Ordinal);
        Assert.Contains("estimates", page.Find("#validation .chart-note").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("#series-tokens .chart-line"));
    }

    [Fact]
    public void Keys_walk_along_a_curve_zoom_into_it_and_open_the_rollouts_of_a_step()
    {
        Run().Steps(50, step => [("loss", 100 - step)]).Rollout(1, "a", 1, 2);
        var page = Show<RunPage>("/training/r1");
        void Press(string key) => page.Find("#loss .chart-plot").KeyDown(new KeyboardEventArgs { Key = key });
        string? Spoken() => page.Find("#loss .chart-plot").GetAttribute("aria-valuetext");

        // Where the page is just reading the run, the key waits its turn.
        void Says(string start) => page.WaitForAssertion(() => Assert.StartsWith(start, Spoken(), StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Press("Home");
        Says("step 1 ");
        Assert.Contains("99", Spoken(), StringComparison.Ordinal);
        Press("ArrowRight");
        Says("step 2 ");

        Press("+");
        Assert.Contains("from=", Address, StringComparison.Ordinal);

        // The zoomed curve is drawn a moment later; until then there is no step to open.
        page.WaitForAssertion(() =>
        {
            Press("Enter");
            Assert.StartsWith("training/r1/rollouts?phase=", Address, StringComparison.Ordinal);
        }, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_click_on_a_curve_leads_nowhere_where_the_run_has_no_rollouts()
    {
        Run().Steps(5, step => [("loss", step)]);
        var page = Show<RunPage>("/training/r1");
        page.Find("#loss .chart-plot").KeyDown(new KeyboardEventArgs { Key = "Home" });
        page.WaitForAssertion(() => Assert.DoesNotContain("rollouts", page.Find("#loss .chart-reading").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        page.Find("#loss .chart-plot").KeyDown(new KeyboardEventArgs { Key = "Enter" });
        Assert.Equal("training/r1", Address);
    }

    [Fact]
    public void A_run_made_of_runs_leads_to_its_parts()
    {
        var run = Run(kind: "recipe").Event("started");
        File.AppendAllText(run.In("events.jsonl"), """{"sequence":2,"time":"2026-11-23T11:00:02Z","kind":"part","phase":"stages","run":"r1-base"}""" + "\n");
        Assert.Equal("/training/r1-base", Show<RunPage>("/training/r1").Find(".happenings a").GetAttribute("href"));
    }

    [Fact]
    public void A_chart_is_a_table_too()
    {
        Run().Steps(3, step => [("loss", step * 10)]);
        var page = Show<RunPage>("/training/r1");
        Assert.Empty(page.FindAll("#loss table"));

        page.Find("#loss details").TriggerEvent("ontoggle", EventArgs.Empty);

        Assert.Equal(["10", "20", "30"], page.FindAll("#loss tbody td:last-child").Select(cell => cell.TextContent));
    }

    [Fact]
    public void Another_run_is_drawn_beside_it()
    {
        Run().Steps(5, step => [("loss", step)]);
        Run("r2").Steps(5, step => [("loss", 2 * step)]);
        var page = Show<RunPage>("/training/r1?with=r2");

        Assert.Equal(["r1", "r2"], page.FindAll("#loss .chart-legend li").Select(item => item.TextContent.Trim()));
    }

    [Fact]
    public async Task Steps_that_are_logged_while_somebody_looks_appear()
    {
        var run = Run(status: "running").Steps(3, step => [("loss", step)]);
        var page = Show<RunPage>("/training/r1");
        run.Steps(4, step => [("loss", step)], from: 4);
        Service<RunCatalog>().Refresh();

        for (var attempt = 0; ; attempt++)
        {
            Folder.Clock.Advance(RunCurves.RenderInterval);
            var spoken = "";
            await page.InvokeAsync(() => spoken = page.Find("#loss .chart-plot").GetAttribute("aria-valuetext"));
            if (spoken!.StartsWith("step 7 ", StringComparison.Ordinal)) return;
            Assert.True(attempt < 500, $"The chart still ends at {spoken}.");
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task A_number_that_was_not_finite_is_a_gap_and_damaged_lines_are_counted()
    {
        var run = Run().Event("step", 1, "grpo", ("loss", 1)).Event("step", 2, "grpo", ("loss", null));
        File.AppendAllText(run.In("events.jsonl"), "{\"sequence\":99,\n");
        run.Event("step", 3, "grpo", ("loss", 3));
        Service<RunCatalog>().Refresh();

        var trace = (await Service<RunTraces>().ReadAsync("r1", CancellationToken.None))!;

        var loss = trace.Phases[0].Find("loss")!;
        Assert.Equal([1L, 3], Enumerable.Range(0, loss.Count).Select(loss.Step));
        Assert.Equal(1, trace.DamagedLines);
    }

    [Fact]
    public async Task A_run_of_20000_steps_is_read_and_drawn_whole()
    {
        var run = Run();
        await using (var file = File.CreateText(run.In("events.jsonl")))
            for (var step = 1; step <= 20_000; step++)
                await file.WriteLineAsync(FormattableString.Invariant(
                    $"{{\"sequence\":{step},\"time\":\"2026-11-23T12:00:00+00:00\",\"kind\":\"step\",\"phase\":\"grpo\",\"step\":{step},\"steps\":20000,\"loss\":{Math.Sin(step)},\"reward\":{Math.Cos(step)},\"kl\":0.1,\"entropy\":{step % 7},\"learning_rate\":1e-6,\"grad_norm\":{step % 13}}}"));

        var watch = Stopwatch.StartNew();
        var trace = (await Service<RunTraces>().ReadAsync("r1", CancellationToken.None))!;
        var read = watch.Elapsed;
        watch.Restart();
        foreach (var (name, curve) in trace.Phases[0].Curves) ChartScene.Make([new ChartLine(name, curve, new SmoothedCurve(0.6).Of(curve), null, 0)], ChartAxis.Step, null);
        output.WriteLine(FormattableString.Invariant($"20,000 steps, {trace.Phases[0].Curves.Count} series: read in {read.TotalMilliseconds:0} ms, drawn in {watch.Elapsed.TotalMilliseconds:0} ms"));

        Assert.Equal(20_000, trace.Phases[0].Find("loss")!.Count);
        Assert.Equal(20_000, trace.Sequence);
    }

    [Fact]
    public void A_step_shows_its_groups_with_rewards_advantages_and_claims_and_names_the_nearest_step_where_it_has_none()
    {
        Run().Rollout(4, "a", 2, 3).Rollout(4, "b", 2.5, 2.5).Rollout(9, "c", 1, 2);
        var page = Show<RolloutsPage>("/training/r1/rollouts?step=5");

        Assert.Contains("Step 5 has no rollouts", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], page.FindAll(".rollout-group h2").Select(head => head.TextContent));
        Assert.Equal(["−0.50", "+0.50"], page.FindAll(".rollout-group")[0].QuerySelectorAll(".advantage .number").Select(number => number.TextContent));
        Assert.Contains("teaches nothing", page.FindAll(".rollout-group")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("AU4 not labelled", page.Find(".claim-false").TextContent, StringComparison.Ordinal);
        Assert.Contains("AU12 as labelled", page.Find(".claim-true").TextContent, StringComparison.Ordinal);
        Assert.Contains("AU6 missed", page.Find(".claim-missed").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".reasoning b"));
        Assert.Empty(page.FindAll("img"));
        Assert.Contains("Runs:DataFolders", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_was_judged_by_itself_says_what_naming_it_earned()
    {
        Run().Rollout(4, "a", "happiness", new() { ["AU4"] = -1.24, ["AU12"] = 0.61, ["end"] = -0.32 }, [2, 3]);
        var page = Show<RolloutsPage>("/training/r1/rollouts?step=4");
        Assert.Equal("−1.2", page.Find(".claim-false .number").TextContent);
        Assert.Equal("+0.6", page.Find(".claim-true .number").TextContent);
        Assert.Contains("earned +0.6 beside the advantage", page.Find(".claim-true").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Equal("end of the naming, earned −0.3", page.Find(".claims .quiet").TextContent);
        Run().Rollout(6, "c", "happiness", new() { ["AU4"] = -1 }, [2, 2]);
        Assert.Contains("only its units teach", Show<RolloutsPage>("/training/r1/rollouts?step=6").Find(".no-variance").TextContent, StringComparison.Ordinal);
        Run().Rollout(5, "b", 2, 3);
        Assert.Empty(Show<RolloutsPage>("/training/r1/rollouts?step=5").FindAll(".claims .number"));
    }

    [Fact]
    public void A_step_of_many_groups_is_paged_and_filtered_and_the_address_says_how()
    {
        var run = Run();
        for (var group = 0; group < 8; group++) run.Rollout(3, $"flat-{group}", 2, 2);
        for (var group = 0; group < 3; group++) run.Rollout(3, $"sad-{group}", "sadness", 1, 2);
        string[] Heads(string query) => [.. Show<RolloutsPage>($"/training/r1/rollouts?phase=grpo&step=3{query}").FindAll(".rollout-group h2").Select(head => head.TextContent)];

        Assert.Equal(6, Heads("").Length);
        Assert.Equal(["flat-6", "flat-7", "sad-0", "sad-1", "sad-2"], Heads("&page=2"));
        Assert.Equal(["flat-6", "flat-7"], Heads("&show=flat&page=2"));
        Assert.Equal(["sad-0", "sad-1", "sad-2"], Heads("&show=wrong"));   // they answer happiness
        Assert.Equal(["sad-0", "sad-1", "sad-2"], Heads("&emotion=sadness"));
        Assert.Empty(Heads("&show=cut"));
        Assert.Equal(6, Heads("&show=nonsense&page=-4").Length);

        var page = Show<RolloutsPage>("/training/r1/rollouts?phase=grpo&step=3&show=flat");
        Assert.Contains("Groups 1 to 6 of 8, out of 11", page.Markup, StringComparison.Ordinal);
        Assert.Equal("/training/r1/rollouts?phase=grpo&step=3&show=flat&page=2", page.Find(".pages a").GetAttribute("href"));
    }

    [Fact]
    public void Every_completion_opens_as_a_checked_text_held_against_its_labels()
    {
        Run().Rollout(3, "a", 1, 2);
        var link = Show<RolloutsPage>("/training/r1/rollouts").FindAll(".completion-claims a")[1].GetAttribute("href")!;
        Assert.Equal("/training/r1/rollouts/completion?phase=grpo&step=3&sample=a&number=2", link);

        var page = Show<CompletionPage>(link);
        Assert.Equal("a, completion 2 of 2", page.Find(".completion-page-head h2").TextContent);
        Assert.Contains("as labelled", page.Find(".answer-headline").TextContent, StringComparison.Ordinal);
        Assert.Contains("AU4", page.Markup, StringComparison.Ordinal);
        Assert.Contains("contradicted", page.Markup, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("There is no such completion", Show<CompletionPage>(link.Replace("number=2", "number=3", StringComparison.Ordinal)).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_of_equal_groups_counts_where_a_run_took_a_step_again()
    {
        Run().Rollout(4, "a", 2, 3).Rollout(4, "a", 1, 1);
        Assert.Contains("teaches nothing", Assert.Single(Show<RolloutsPage>("/training/r1/rollouts").FindAll(".rollout-group")).TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train/a.png", true)]
    [InlineData("train/b.png", false)]
    [InlineData("train/../train/a.png", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("../train.zip", false)]
    public async Task Only_photos_that_the_run_names_are_served(string image, bool isServed)
    {
        RunFolderWriter.DataSet(Path.Combine(Folder.Root, "sets", "fer-au"), "train/a.png");
        Run().Rollout(1, "a", 1, 2);
        Service<RunCatalog>().Refresh();

        Assert.Equal(isServed, await Service<RunPhotos>().FindAsync("r1", image, CancellationToken.None) is not null);
    }

    [Fact]
    public async Task What_a_trainer_elsewhere_says_about_its_data_opens_no_folder_here()
    {
        var data = RunFolderWriter.DataSet(Path.Combine(Folder.Root, "secret"), "train/a.png");
        new RunFolderWriter(Folder.Paths.Runs, "far", "external", data: data).Rollout(1, "a", 1, 2);
        new RunFolderWriter(Folder.Paths.Runs, "near", "grpo", data: "secret").Rollout(1, "a", 1, 2);
        foreach (var run in (string[])["far", "near"])
            new RunLaunch("grpo", [$"--data={data}"], new Dictionary<string, string>(), "cpu", null, Folder.Root, default).Write(Path.Combine(Folder.Paths.Runs, run));
        Service<RunCatalog>().Refresh();

        Assert.Null(await Service<RunPhotos>().FindAsync("far", "train/a.png", CancellationToken.None));
        Assert.NotNull(await Service<RunPhotos>().FindAsync("near", "train/a.png", CancellationToken.None));
    }

    [Fact]
    public void Synthesis_shows_yields_and_reasons()
    {
        Run(kind: "synthesis").Attempt("a", 1, false, reasons: ["missing AU6", "leak"]).Attempt("a", 2, true).Attempt("b", 1, false, "fear", 1, "missing AU12");
        var page = Show<SynthesisPage>("/training/r1/synthesis");

        Assert.Contains("1 (50.0 %)", page.Find(".synthesis-measures").TextContent, StringComparison.Ordinal);
        Assert.Equal(["fear", "happiness"], page.FindAll("section[aria-labelledby=yield-emotions] tbody th a").Select(link => link.TextContent));
        Assert.Equal(["missing AU", "leak"], page.FindAll("section[aria-labelledby=yield-reasons] tbody th").Select(cell => cell.TextContent));
        Assert.Contains("synthetic", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reviewer_decides_with_keys_and_takes_it_back()
    {
        var run = Run(kind: "synthesis").Attempt("a", 1, true);
        var page = Show<SynthesisPage>("/training/r1/synthesis");

        await page.Find(".sample-review").KeyDownAsync(new KeyboardEventArgs { Key = "r" });
        page.WaitForAssertion(() => Assert.Contains("rejected by a person", page.Find(".sample-review .status-tag").TextContent, StringComparison.Ordinal));
        await page.Find(".sample-review").KeyDownAsync(new KeyboardEventArgs { Key = "u" });
        page.WaitForAssertion(() => Assert.Equal("accepted", page.Find(".sample-review .status-tag").TextContent));

        Assert.Equal(["reject", "undo"], File.ReadAllLines(run.In("reviews.jsonl")).Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!["decision"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_decision_survives_a_line_that_was_cut_and_one_about_nothing_is_refused()
    {
        var run = Run(kind: "synthesis").Attempt("a", 1, false, reasons: "leak");
        File.WriteAllText(run.In("reviews.jsonl"), "{\"sample\":\"a\",\"round\":1,\"deci");
        var files = Service<SynthesisFiles>();

        await files.DecideAsync("r1", 1, "a", ReviewDecision.Accept, null, CancellationToken.None);

        Assert.True(Assert.Single((await files.LedgerAsync("r1", CancellationToken.None))!.Samples).IsAccepted);
        await Assert.ThrowsAsync<ArgumentException>(() => files.DecideAsync("r1", 2, "a", ReviewDecision.Accept, null, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => files.DecideAsync("r1", 1, "a", ReviewDecision.Edit, " ", CancellationToken.None));
    }

    [Fact]
    public void An_edit_must_keep_the_format_and_differences_from_the_labels_are_said()
    {
        Assert.NotNull(ReviewCheck.Of("no tags", "fear", [1]).Fault);
        Assert.NotNull(ReviewCheck.Of("<think>AU1</think><answer>boredom</answer>", "fear", [1]).Fault);
        var check = ReviewCheck.Of("<think>The lips part (AU25).</think><answer>happiness</answer>", "fear", [1]);
        Assert.Null(check.Fault);
        Assert.Equal(["answers happiness, labelled fear", "does not name AU1", "names AU25, which is not labelled"], check.Differences);
        Assert.Empty(ReviewCheck.Of("<think>The lips part (AU25).</think><answer>fear</answer>", "fear", [25]).Differences);
    }
}
