using FacialR1.Analysis.Prompts;

namespace FacialR1.Analysis.Tests.Prompts;

public sealed class PresencePromptTests
{
    [Fact]
    public void The_question_names_the_unit_and_what_is_seen() => Assert.Contains("AU12", PresencePrompt.Text(12), StringComparison.Ordinal);

    [Theory]
    [InlineData("yes", true)]
    [InlineData("  **No.** There is none.", false)]
    [InlineData("<think>No wait, the lip corners are up.</think>\nYes", true)]
    [InlineData("<think>It is there.</think>\n<answer>no</answer>", false)]
    [InlineData("The lips are closed.", null)]
    [InlineData("Nobody knows", null)]
    [InlineData("", null)]
    public void Yes_and_no_are_read_after_any_reasoning(string response, bool? answer) => Assert.Equal(answer, PresencePrompt.Read(response));
}
