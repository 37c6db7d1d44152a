using Bunit;
using FacialR1.Analysis;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Tests.Features;

public sealed class ResultTests : ComponentTest
{
    private static AnswerState State(string text, AnalysisStatus status = AnalysisStatus.Done) => new() { Status = status, Trace = ReasoningParser.Parse(text) };

    [Fact]
    public void A_finished_answer_shows_label_probabilities_units_and_measures()
    {
        var shown = Render<AnswerPanel>(parameters => parameters.Add(panel => panel.Answer, State(ScriptedModel.Smile) with
        {
            EmotionProbabilities = new Dictionary<Emotion, double> { [Emotion.Happiness] = 0.8731, [Emotion.Surprise] = 0.1269 },
            Tokens = 41, SecondsToFirstToken = 0.085, Seconds = 1.085,
        }));

        Assert.Equal("happiness", shown.Find(".answer-label").TextContent);
        Assert.Equal(7, shown.FindAll(".emotion-bars li").Count);
        Assert.Contains("87.3 %", shown.Find(".emotion-bars .is-answer").TextContent, StringComparison.Ordinal);
        Assert.Equal(["AU6 cheek raiser for the answer", "AU12 lip corner puller for the answer"], shown.FindAll(".unit-chip").Select(chip => string.Join(' ', chip.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains("85 ms", shown.Find(".measures").TextContent, StringComparison.Ordinal);
        Assert.Contains("40 tokens/s", shown.Find(".measures").TextContent, StringComparison.Ordinal);
        Assert.Contains("as asked", shown.Find(".measures").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The lip corners are pulled up (AU12). This points to happiness.", true)]
    [InlineData("The lip corners are pulled up (AU12), which does not look like anger.", false)]
    [InlineData("The lip corners are pulled up (AU12).", false)]
    public void Probabilities_behind_a_verdict_say_so(string reasoning, bool isBehind)
    {
        var shown = Render<AnswerPanel>(parameters => parameters.Add(panel => panel.Answer, State($"<think>{reasoning}</think><answer>happiness</answer>") with
        {
            EmotionProbabilities = new Dictionary<Emotion, double> { [Emotion.Happiness] = 1 },
        }));

        Assert.Equal(isBehind, shown.Markup.Contains("not how sure the model was of the face", StringComparison.Ordinal));
    }

    [Fact]
    public void An_answer_outside_the_list_is_quoted_and_not_made_into_a_label()
    {
        var shown = Render<AnswerPanel>(parameters => parameters.Add(panel => panel.Answer, State("<think>x</think><answer>bored</answer>")));

        Assert.Contains("“bored”", shown.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Contains("not one of the seven labels", shown.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_model_writes_is_never_markup()
    {
        var shown = Render<AnswerPanel>(parameters => parameters.Add(panel => panel.Answer, State("<think><script>alert(1)</script><img src=x></think><answer><b>sad</b></answer>")));

        Assert.Empty(shown.FindAll("script, img, b"));
        Assert.Contains("<script>alert(1)</script>", shown.Find(".reasoning").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AnalysisStatus.Queued, "In the queue")]
    [InlineData(AnalysisStatus.Running, "Looking at the face")]
    [InlineData(AnalysisStatus.Stopped, "No answer")]
    [InlineData(AnalysisStatus.Failed, "No answer")]
    public void Every_state_without_text_has_its_words(AnalysisStatus status, string words) => Assert.Contains(
        words, Render<AnswerPanel>(parameters => parameters.Add(panel => panel.Answer, State("", status))).Find("[role=status]").TextContent, StringComparison.Ordinal);

    [Fact]
    public void A_problem_is_an_alert()
    {
        var shown = Render<AnswerPanel>(parameters => parameters.Add(panel => panel.Answer, State("", AnalysisStatus.Failed) with { Problem = "Copy the weights again." }));
        Assert.Contains("Copy the weights again.", shown.Find(".mud-alert").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_cut_at_the_limit_says_so()
    {
        var shown = Render<AnswerPanel>(parameters => parameters.Add(panel => panel.Answer, State("<think>and so") with { StopReason = StopReason.MaxTokens }));
        Assert.Contains("cut at the token limit", shown.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Speed_counts_the_tokens_after_the_first_one()
    {
        var state = State("x") with { Tokens = 11, SecondsToFirstToken = 0.1, Seconds = 1.1 };
        Assert.Equal(10, state.TokensPerSecond!.Value, 9);
        Assert.Null((state with { Tokens = 1 }).TokensPerSecond);
        Assert.Null((state with { Seconds = null }).TokensPerSecond);
    }

    [Theory]
    [InlineData(0, "0.0 %")]
    [InlineData(0.0003, "< 0.1 %")]
    [InlineData(0.5, "50.0 %")]
    [InlineData(1, "100.0 %")]
    public void Percentages_never_hide_a_small_share(double share, string text) => Assert.Equal(text, Figures.Percent(share));

    [Fact]
    public async Task Faces_are_buttons_at_their_place_and_the_chosen_one_says_so()
    {
        var photo = await Folder.AddPhotoAsync(faces: [
            new FaceArea(new PixelArea(10, 6, 20, 15), new PixelArea(8, 4, 24, 24), 0.99),
            new FaceArea(new PixelArea(-4, 0, 8, 8), new PixelArea(-6, -2, 12, 12), 0.8)]);
        int? chosen = null;
        var shown = Render<FaceSelector>(parameters => parameters.Add(selector => selector.Photo, photo).Add(selector => selector.ChosenFace, 0)
            .Add(selector => selector.OnChosen, (int face) => chosen = face));

        var boxes = shown.FindAll("button.face-box");
        Assert.Equal(["true", "false"], boxes.Select(box => box.GetAttribute("aria-pressed")));
        Assert.Equal("left:25%;top:20%;width:50%;height:50%", boxes[0].GetAttribute("style"));
        Assert.StartsWith("left:0%;top:0%;width:10%", boxes[1].GetAttribute("style"), StringComparison.Ordinal);
        Assert.Equal("Face 2 of 2, choose it", boxes[1].GetAttribute("aria-label"));

        await boxes[1].ClickAsync();
        Assert.Equal(1, chosen);
    }

    [Fact]
    public async Task A_stored_analysis_names_crop_checkpoint_and_rules_and_can_be_run_again()
    {
        Folder.AddCheckpoint("mini");
        var analysis = await Folder.AddAnalysisAsync(outcome: new AnalysisOutcome(AnalysisStatus.Done, ScriptedModel.Smile) { Emotion = "happiness" });
        Guid repeated = default;
        var shown = Render<AnalysisResult>(parameters => parameters.Add(result => result.AnalysisId, analysis.Id).Add(result => result.OnRepeated, (Guid id) => repeated = id));

        Assert.Contains("whole picture", shown.Find(".what-was-seen").TextContent, StringComparison.Ordinal);
        Assert.Contains("mini", shown.Find(".what-was-seen").TextContent, StringComparison.Ordinal);
        Assert.Equal("/responsible-use", shown.Find(".notice a").GetAttribute("href"));

        await shown.FindAll("button").Single(button => button.TextContent.Contains("Run again", StringComparison.Ordinal)).ClickAsync();
        shown.WaitForAssertion(() => Assert.NotEqual(default, repeated));
        Assert.Equal(analysis.PhotoId, (await Folder.Store.FindAsync(repeated, CancellationToken.None))!.PhotoId);
    }

    [Fact]
    public async Task An_interrupted_analysis_says_so()
    {
        var analysis = await Folder.AddAnalysisAsync();
        var shown = Render<AnalysisResult>(parameters => parameters.Add(result => result.AnalysisId, analysis.Id));
        Assert.Contains("interrupted", shown.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_analysis_says_so() => Assert.Contains("was deleted",
        Render<AnalysisResult>(parameters => parameters.Add(result => result.AnalysisId, Guid.NewGuid())).Markup, StringComparison.Ordinal);
}
