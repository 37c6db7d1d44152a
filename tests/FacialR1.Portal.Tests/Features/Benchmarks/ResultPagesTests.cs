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
