using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Inference;

/// <summary>Adds to an outcome what the parser reads in its text.</summary>
public static class AnswerReading
{
    public static AnalysisOutcome Complete(AnalysisOutcome outcome)
    {
        var trace = ReasoningParser.Parse(outcome.Text);
        return outcome with
        {
            Emotion = trace.Emotion?.Name(),
            ActionUnits = string.Join(' ', trace.ActionUnits.Select(ActionUnit.CodeOf)),
            // A stopped or failed answer is not a badly formatted one.
            FormatOk = outcome.Status == AnalysisStatus.Done ? trace.FormatOk : null,
        };
    }
}
