using Bunit;
using FacialR1.Analysis.Comparison;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace FacialR1.Portal.Tests.Features.Benchmarks;

public sealed class ResultPagesTests : ComponentTest
{
    private const int Samples = 40;

    [Fact]
    public void Without_results_the_page_says_how_to_make_one()
    {
        var page = Render<BenchmarksPage>();
        page.WaitForAssertion(() => Assert.Contains("evaluate --data", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_result_stands_with_its_interval_and_n()
    {
        Write("early", right: 10);
        Write("late", right: 30);
        var page = Render<BenchmarksPage>();
        page.WaitForAssertion(() =>
        {
            Assert.Contains("0.250", page.Markup, StringComparison.Ordinal);
            Assert.Contains("0.750", page.Markup, StringComparison.Ordinal);
        });
        Assert.Equal(2, page.FindAll("input[type=checkbox]").Count);
    }

    [Fact]
    public void A_cell_of_the_confusion_matrix_opens_the_samples_behind_it()
    {
        Write("early", right: 10);
        Service<NavigationManager>().NavigateTo(ResultText.ResultLink("early") + "?label=happiness&answer=sadness");
        var page = Render<ResultPage>(parameters => parameters.Add(shown => shown.Id, "early"));
        page.WaitForAssertion(() => Assert.Contains($"30 of {Samples}", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("<script>alert", page.Markup, StringComparison.Ordinal);   // a model's text is text
    }

    [Fact]
    public void Every_number_opens_the_samples_behind_it()
    {
        Write("early", right: 10);
        var page = Render<ResultPage>(parameters => parameters.Add(shown => shown.Id, "early"));
        page.WaitForAssertion(() => Assert.Contains(page.FindAll("a"), link => link.TextContent == "0.250" && link.GetAttribute("href") == "/benchmarks/early?right=true#samples"));
        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == "/benchmarks/early?unit=AU12&place=Missed#samples");
        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == "/benchmarks/early?label=happiness&answer=sadness#samples" && link.TextContent == "30");
        Service<NavigationManager>().NavigateTo("/benchmarks/early?right=true#samples");
        page.WaitForAssertion(() => Assert.Contains($"10 of {Samples}", page.Markup, StringComparison.Ordinal));
        Assert.Contains("/benchmarks/early/samples/1?right=true&amp;at=0", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_the_data_stand_with_interval_and_n()
    {
        Write("early", right: 10);
        Service<NavigationManager>().NavigateTo("/benchmarks/early?by=action unit");
        var page = Render<ResultPage>(parameters => parameters.Add(shown => shown.Id, "early"));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[aria-label='Parts by action unit'] tbody tr")));
        Assert.Equal(["AU6", "AU12"], page.FindAll("[aria-label='Parts by action unit'] tbody th").Select(head => head.TextContent));
        Assert.Contains("0.142 – 0.402", page.Markup, StringComparison.Ordinal);   // Wilson, 10 of 40
    }

    [Fact]
    public async Task A_sample_shows_its_words_held_against_the_labels_of_the_benchmark()
    {
        Write("early", right: 10);
        await Service<FacialR1.Portal.Storage.Evaluations.EvaluationIndex>().RefreshAsync(CancellationToken.None);
        Service<NavigationManager>().NavigateTo("/benchmarks/early/samples/11?right=false&at=0");
        var page = Render<SamplePage>(parameters => parameters.Add(shown => shown.Id, "early").Add(shown => shown.Number, 11));
        page.WaitForAssertion(() => Assert.Contains("0 of 1 verifiable mentions are not there; 1 of 2 units present were found", page.Markup, StringComparison.Ordinal));
        Assert.Contains("1 of 30", page.Markup, StringComparison.Ordinal);
        Assert.Equal("/benchmarks/early/samples/12?right=false&at=1", page.Find("a[aria-label='Next sample (j)']").GetAttribute("href"));
        Assert.Contains("is not on this machine", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Published_numbers_are_shown_when_asked_for_and_called_so()
    {
        Write("early", right: 10);
        var page = Render<BenchmarksPage>();
        page.WaitForAssertion(() => Assert.Contains("Show published numbers", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("not reproduced here", page.Markup, StringComparison.Ordinal);
        Service<NavigationManager>().NavigateTo("/benchmarks?published=true");
        page.WaitForAssertion(() => Assert.Contains("As published, not reproduced here.", page.Markup, StringComparison.Ordinal));
        Assert.Equal(["Facial-R1", "the paper's", "73.1", "67.4", "70.2", "68.3"], page.FindAll("[aria-label='Published table 2'] tbody tr")[^1].Children.Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public void Checkpoints_and_benchmarks_are_queued_from_a_form()
    {
        Folder.AddCheckpoint("mini");
        Folder.AddCheckpoint("mini-sft");
        var data = Directory.CreateDirectory(Path.Combine(Folder.Paths.Benchmarks, "drawn")).FullName;
        File.WriteAllText(Path.Combine(data, "benchmark.json"), """{"format":1,"name":"drawn","title":"Drawn faces","actionUnits":["AU6"],"emotions":[],"labelNote":"Synthetic.","licence":"MIT"}""");
        File.WriteAllText(Path.Combine(data, "samples.jsonl"), """{"id":"a","image":"a.png"}""" + "\n");
        var page = Render<NewEvaluationPage>();
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("input[type=checkbox]").Count));
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Choose at least one checkpoint.", page.Markup, StringComparison.Ordinal));
        foreach (var index in (int[])[0, 1, 2]) page.FindAll("input[type=checkbox]")[index].Change(true);
        Assert.Contains("Queue 2 evaluations", page.Markup, StringComparison.Ordinal);
        page.Find("#temperature").Change("0.7");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.EndsWith("/benchmarks", Service<NavigationManager>().Uri, StringComparison.Ordinal));

        var runs = Service<FacialR1.Portal.Runs.RunCatalog>().Refresh();
        Assert.Equal(["mini", "mini-sft"], runs.Select(run => run.Parent).Order());
        var launch = FacialR1.Portal.Runs.RunLaunch.Read(Path.Combine(Folder.Paths.Runs, runs.Single(run => run.Parent == "mini").Id))!;
        Assert.Equal(("evaluate", data, "0.7"), (launch.Command, launch.Options["--data"], launch.Options["--temperature"]));
        Assert.Equal("mini-aaaaaaaa.drawn.t0.7-p1-k0-s0", Path.GetFileNameWithoutExtension(launch.Options["--out"]));
        // The command line takes what the form wrote.
        Assert.Empty(FacialR1.Portal.Commands.PortalCommandLine.Parse(["evaluate", .. launch.Arguments, "--run=x"]).Errors);
    }

    [Theory]
    [InlineData("../../appsettings")]
    [InlineData("no-such-result")]
    public async Task A_name_that_is_not_listed_opens_nothing(string id) =>
        Assert.Contains("There is no result", (await Assert.ThrowsAsync<DataFormatException>(() => Service<EvaluationFiles>().LoadAsync(id))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_broken_file_is_named_and_the_others_are_shown()
    {
        Write("early", right: 10);
        File.WriteAllText(Path.Combine(Service<FacialR1.Portal.Configuration.PortalPaths>().Evaluations, "broken.jsonl"), "no header\n");
        var page = Render<BenchmarksPage>();
        page.WaitForAssertion(() => Assert.Contains("broken.jsonl is no result file", page.Markup, StringComparison.Ordinal));
    }

    private void Write(string name, int right, string? text = null)
    {
        var header = new ResultHeader
        {
            Model = name, Benchmark = "drawn/test", DataSha256 = new string('a', 64), Samples = Samples, SampleIdsSha256 = new string('b', 64), ActionUnits = ["AU6", "AU12"], LabelNote = "Made for a test.",
            Prompt = "facial-r1/compact/1", Decoding = new(), Started = DateTimeOffset.UnixEpoch,
        };
        using var file = ResultFile.CreateOrContinue(Path.Combine(Service<FacialR1.Portal.Configuration.PortalPaths>().Evaluations, name + ".jsonl"), header);
        for (var index = 0; index < Samples; index++)
            file.Append(ResultRow.Of($"s{index:00}", null, text ?? $"<think>Cheeks raised (AU6) <script>alert(1)</script>.</think><answer>{(index < right ? "happiness" : "sadness")}</answer>", 12,
                new Dictionary<FacialR1.Analysis.Facs.Emotion, double>(), new(FacialR1.Analysis.Facs.Emotion.Happiness, [6, 12])), isTruncated: false);
    }
}
