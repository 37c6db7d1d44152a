namespace FacialR1.VisionLanguage.Checkpoints;

/// <summary>How far the loading of a checkpoint has come.</summary>
/// <param name="Tensor">The tensor that was read last.</param>
/// <param name="BytesRead">Stored bytes read so far.</param>
/// <param name="BytesTotal">Stored bytes to read.</param>
public readonly record struct LoadProgress(string Tensor, long BytesRead, long BytesTotal)
{
    /// <summary>Share that is done, 0 to 1.</summary>
    public double Fraction => BytesTotal == 0 ? 1 : (double)BytesRead / BytesTotal;
}
