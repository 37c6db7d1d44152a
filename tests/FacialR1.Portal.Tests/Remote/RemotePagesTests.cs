using Bunit;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Features.Analyze;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Features.Checkpoints;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Remote;
using FacialR1.Portal.Tests.Features;
using FacialR1.Training.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Tests.Remote;

public sealed class RemotePagesTests : ComponentTest
{
    private const string Key = "sk-must-not-be-shown";

    public override async Task InitializeAsync()
    {
        Services.AddSingleton(Options.Create(new RemoteOptions
        {
            Models = { ["qwen"] = new() { Url = "https://models.example.org/v1", Model = "Qwen/Qwen2.5-VL-7B-Instruct", Key = Key, PromptPrice = 1 } },
        })).AddSingleton<RemoteModels>();
        await base.InitializeAsync();   // services first: it fixes them
    }

    [Fact]
    public void The_checkpoints_page_says_that_the_model_is_remote_and_shows_no_key()
    {
        Folder.AddCheckpoint("mini");

        var page = Render<CheckpointsPage>();

        var article = page.Find("article[aria-labelledby='checkpoint-remote:qwen']");
        Assert.All((string[])["remote", "models.example.org", "Qwen/Qwen2.5-VL-7B-Instruct", "1 USD a million prompt tokens", "the face is sent there"], words => Assert.Contains(words, article.TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remote:qwen", true)]
    [InlineData("mini", false)]
    public void Choosing_a_remote_model_says_where_the_face_is_sent(string checkpoint, bool isRemote)
    {
        Folder.AddCheckpoint("mini");
        RenderPopovers();

        var panel = Render<SettingsPanel>(parameters => parameters
            .Add(shown => shown.Settings, new RunSettings(checkpoint, DecodingOptions.Greedy))
            .Add(shown => shown.Checkpoints, Service<CheckpointCatalog>().Usable()).Add(shown => shown.LongestAnswer, 512));

        Assert.Equal(isRemote, panel.Markup.Contains("models.example.org", StringComparison.Ordinal));
    }

    [Fact]
    public void A_result_of_a_server_shows_host_model_cost_and_all_measures()
    {
        var row = ResultRow.Of("s1", null, ChatServer.Answer, 40, new Dictionary<Emotion, double>(), new ResponseLabels(Emotion.Happiness, [6, 12])) with
        {
            Served = new ServedAnswer("models.example.org", "Qwen/Qwen2.5-VL-7B-Instruct") { Fingerprint = "fp_1", PromptTokens = 800, Cost = 0.0125m, Currency = "EUR" },
        };
        var header = new ResultHeader
        {
            Model = "remote:qwen", Server = "models.example.org", ServerModel = "Qwen/Qwen2.5-VL-7B-Instruct", Benchmark = "faces", DataSha256 = new string('0', 64), Samples = 1, SampleIdsSha256 = "0",
            ActionUnits = ["AU6", "AU12"], LabelNote = "made up", Prompt = "p", Decoding = DecodingOptions.Greedy,
        };
        using (var file = ResultFile.CreateOrContinue(Path.Combine(Folder.Paths.Evaluations, "qwen.jsonl"), header)) file.Append(row, isTruncated: false);

        var page = Render<ResultPage>(parameters => parameters.Add(shown => shown.Id, "qwen"));

        page.WaitForAssertion(() => Assert.All(
            (string[])["Qwen/Qwen2.5-VL-7B-Instruct at models.example.org", "0.0125 EUR", "fp_1", "CHAIR_s, responses", "ROUGE-2", "no reference reasoning", "Implied emotion is the answer"],
            words => Assert.Contains(words, page.Markup, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_answer_without_probabilities_says_that_the_server_gave_none()
    {
        var bars = Render<EmotionBars>(parameters => parameters
            .Add(shown => shown.Probabilities, new Dictionary<Emotion, double>()).Add(shown => shown.Answer, Emotion.Fear).Add(shown => shown.IsFinished, true));

        Assert.Contains("none were given with the answer", bars.Markup, StringComparison.Ordinal);
    }
}
