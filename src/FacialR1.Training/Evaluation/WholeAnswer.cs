using FacialR1.Analysis;

namespace FacialR1.Training.Evaluation;

/// <summary>Asks for an answer nobody watches being written.</summary>
public static class WholeAnswer
{
    private const int Attempts = 3;

    /// <summary>The end of the answer. One that breaks off is asked for again: nobody has seen its beginning.</summary>
    /// <exception cref="ModelUnavailableException">The model cannot answer, or broke off several times.</exception>
    public static async Task<AnswerFinished> AskAsync(this IReasoningModel model, AnalysisRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await foreach (var update in model.AnswerAsync(request, cancellationToken))
                    if (update is AnswerFinished end) return end;
                throw new ModelUnavailableException("The model ended without finishing its answer.");
            }
            catch (ModelUnavailableException error) when (error.IsInterruption && attempt < Attempts) { }
        }
    }
}
