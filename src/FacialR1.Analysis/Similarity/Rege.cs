namespace FacialR1.Analysis.Similarity;

/// <summary>REGE of the FABA benchmark: recognition plus generation. The sum hides which of the two moved, so show the terms.</summary>
/// <param name="Recognition">Emotion accuracy, or the mean F1 of the task's action units; 0 to 1.</param>
/// <param name="Generation">Mean ROUGE-L F; 0 to 1.</param>
public readonly record struct Rege(double Recognition, double Generation)
{
    /// <summary>0 to 2 (0 to 200 where it is printed in percent).</summary>
    public double Sum => Recognition + Generation;
}
