using System.Text;
using FacialR1.Analysis;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Live;

/// <summary>What a reader of a feed knows so far. Fed by one reader, so it needs no lock.</summary>
public sealed class AnswerProgress
{
    private readonly StringBuilder text = new();

    public AnalysisStatus Status { get; private set; } = AnalysisStatus.Queued;

    /// <summary>Everything the model wrote so far, tags included.</summary>
    public string Text => text.ToString();
    public int Tokens { get; private set; }

    /// <summary>Share of the checkpoint that is read, 0 to 1, while the answer waits for it; null otherwise.</summary>
    public double? Loading { get; private set; }

    /// <summary>Sizes and duration of reading the prompt, once that is done.</summary>
    public PromptRead? Prompt { get; private set; }

    public AnalysisOutcome? Outcome { get; private set; }

    public void Apply(AnalysisUpdate update)
    {
        switch (update)
        {
            case AnalysisStarted:
                Status = AnalysisStatus.Running;
                break;
            case AnalysisProgressed { Answer: ModelLoading loading }:
                Loading = loading.Fraction;
                break;
            case AnalysisProgressed { Answer: PromptRead prompt }:
                (Prompt, Loading) = (prompt, null);
                break;
            case AnalysisProgressed { Answer: TextUpdate words }:
                text.Append(words.Text);
                (Tokens, Loading) = (words.Tokens, null);
                break;
            case AnalysisEnded ended:
                (Status, Outcome, Loading) = (ended.Outcome.Status, ended.Outcome, null);
                text.Clear().Append(ended.Outcome.Text);
                break;
        }
    }
}
