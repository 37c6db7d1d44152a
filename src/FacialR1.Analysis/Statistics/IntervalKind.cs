namespace FacialR1.Analysis.Statistics;

/// <summary>How an interval is read from resamples.</summary>
public enum IntervalKind
{
    /// <summary>The middle of the resampled values.</summary>
    Percentile,

    /// <summary>Bias-corrected and accelerated (Efron 1987): shifted for the bias and the skew of the measure. Better where it is skewed, dearer to compute.</summary>
    Bca,
}
