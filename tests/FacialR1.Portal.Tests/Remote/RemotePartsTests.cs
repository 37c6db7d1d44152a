using FacialR1.Analysis.Facs;
using FacialR1.Portal.Remote;

namespace FacialR1.Portal.Tests.Remote;

public sealed class RemotePartsTests
{
    [Fact]
    public void Pauses_double_up_to_half_a_minute_and_are_half_drawn()
    {
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 15, 15], Enumerable.Range(0, 8).Select(attempt => RetrySchedule.Delay(attempt, 0, null).TotalSeconds));
        Assert.Equal(0.5, RetrySchedule.Delay(0, 1, null).TotalSeconds, 9);
        Assert.Equal(20.125, RetrySchedule.Delay(0, 0.5, TimeSpan.FromSeconds(20)).TotalSeconds, 9);   // never before the server said
    }

    [Theory]
    [InlineData("1s", 1.0)]
    [InlineData("6m0s", 360.0)]
    [InlineData("20ms", 0.02)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("7", 7.0)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("5parsecs", null)]
    public void The_reset_times_of_rate_limits_are_read(string text, double? seconds) => Assert.Equal(seconds, RequestPace.Duration(text)?.TotalSeconds);

    [Fact]
    public void A_token_that_completes_the_tag_and_begins_the_answer_is_cut_at_the_tag()
    {
        var shares = AnswerCandidates.Score([Written("<answer"), Written(">anger", (">anger", 0.5), (">fear", 0.25), ("fear", 0.2))]);

        Assert.Equal(2 / 3.0, shares[Emotion.Anger], 9);   // "fear" alone would not have completed the tag
        Assert.Equal(1 / 3.0, shares[Emotion.Fear], 9);
    }

    [Fact]
    public void A_written_beginning_of_several_names_is_decided_by_what_follows()
    {
        // P(happiness) = 0.2; P("s") = 0.8, then sadness 0.75 and surprise 0.25 of it.
        var shares = AnswerCandidates.Score(
            [Written("<answer>"), Written("s", ("s", 0.8), ("happiness", 0.2)), Written("ad", ("ad", 0.75), ("urprise", 0.25)), Written("ness", ("ness", 1))]);

        Assert.Equal((0.6, 0.2, 0.2), (Math.Round(shares[Emotion.Sadness], 9), Math.Round(shares[Emotion.Surprise], 9), Math.Round(shares[Emotion.Happiness], 9)));
    }

    [Theory]
    [InlineData("Happy", Emotion.Happiness)]
    [InlineData(" fear", Emotion.Fear)]
    [InlineData("dis", Emotion.Disgust)]
    [InlineData("anger</answer>", Emotion.Anger)]
    public void Synonyms_spaces_capitals_and_beginnings_count_for_their_emotion(string token, Emotion emotion) =>
        Assert.Equal(1, AnswerCandidates.Score([Written("<answer>"), Written(token, (token, 0.9))])[emotion], 9);

    [Theory]
    [InlineData("no tag", "happiness")]
    [InlineData("<answer>", "bananas")]
    [InlineData("<answer>", "</answer>")]
    public void Without_an_emotion_at_an_answer_there_are_no_probabilities(string before, string token) =>
        Assert.Empty(AnswerCandidates.Score([Written(before), Written(token, (token, 0.9))]));

    [Fact]
    public void All_faults_of_the_configuration_are_reported_and_none_shows_the_key()
    {
        var options = new RemoteOptions
        {
            Models =
            {
                ["good"] = new() { Url = "http://localhost:8000/v1", Model = "m" },
                ["bad name"] = new() { Url = "ftp://x", Model = "", Key = "sk-1", KeyVariable = "THE_KEY", Concurrency = 0, PromptPrice = -1 },
                ["user"] = new() { Url = "http://sk-1@localhost/v1", Model = "m" },
            },
        };

        var result = new RemoteOptionsValidation().Validate(null, options);

        Assert.True(result.Failed);
        var faults = result.Failures!.ToList();
        Assert.All((string[])["letters, digits", "Url must be", "Model is missing", "Concurrency", "prices", "not both", "no user"], fault => Assert.Contains(faults, each => each.Contains(fault, StringComparison.Ordinal)));
        Assert.DoesNotContain(faults, fault => fault.Contains("sk-1", StringComparison.Ordinal));
        Assert.DoesNotContain(faults, fault => fault.Contains(":good", StringComparison.Ordinal));
    }

    private static WrittenToken Written(string text, params (string Text, double Probability)[] likeliest)
    {
        var candidates = likeliest.Select(other => new CandidateToken(other.Text, Math.Log(other.Probability))).ToArray();
        var own = candidates.FirstOrDefault(candidate => candidate.Text == text);
        return new WrittenToken(own.Text is null ? new CandidateToken(text, 0) : own, candidates);
    }
}
