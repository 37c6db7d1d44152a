using FacialR1.Analysis.Faces;

namespace FacialR1.Analysis.Tests.Faces;

public sealed class FaceWarningTests
{
    [Fact]
    public void Every_problem_is_told_in_a_sentence_with_another_that_says_what_to_do()
    {
        var warnings = Enum.GetValues<FaceProblem>().Select(problem => new FaceWarning(problem, 1, 2)).ToArray();
        Assert.All(warnings, warning => Assert.True(warning.Observation.EndsWith('.') && warning.Advice.StartsWith("Use ", StringComparison.Ordinal) && warning.Advice.EndsWith('.')));
        Assert.Equal(["small", "blurred", "dark", "overexposed", "turned-away", "covered"], warnings.Select(warning => warning.Name));
    }
}
