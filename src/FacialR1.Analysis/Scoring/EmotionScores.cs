using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Scoring;

/// <summary>How one emotion was recognised over all samples.</summary>
/// <param name="Emotion">The class.</param>
/// <param name="Correct">Samples of it that were answered so.</param>
/// <param name="Support">Samples of it.</param>
/// <param name="Predicted">Samples answered so.</param>
public sealed record EmotionCounts(Emotion Emotion, int Correct, int Support, int Predicted)
{
    /// <summary>Null when the data has none of it.</summary>
    public double? Recall => Support == 0 ? null : (double)Correct / Support;

    /// <summary>Null when it was never answered.</summary>
    public double? Precision => Predicted == 0 ? null : (double)Correct / Predicted;

    /// <summary>Null when it neither occurs nor was answered.</summary>
    public double? F1 => Support + Predicted == 0 ? null : 2.0 * Correct / (Support + Predicted);
}

/// <summary>Emotion recognition over a corpus. Samples without an emotion label do not count; answers that cannot be read are wrong.</summary>
/// <param name="Samples">Samples with an emotion label.</param>
/// <param name="Correct">Right answers.</param>
/// <param name="PerEmotion">In canonical order.</param>
/// <param name="Confusion">Truth against answer.</param>
public sealed record EmotionScores(int Samples, int Correct, IReadOnlyList<EmotionCounts> PerEmotion, ConfusionMatrix Confusion)
{
    /// <summary>Correct / samples; null without samples.</summary>
    public double? Accuracy => Samples == 0 ? null : (double)Correct / Samples;

    /// <summary>Mean F1 over the classes that occur or were answered; null when there are none.</summary>
    public double? MacroF1 => PerEmotion.Average(emotion => emotion.F1);

    /// <summary>Mean recall over the classes that occur; null when there are none.</summary>
    public double? BalancedAccuracy => PerEmotion.Average(emotion => emotion.Recall);

    /// <summary>Counts the samples that have an emotion label.</summary>
    public static EmotionScores Of(IEnumerable<EvaluationRow> rows)
    {
        var confusion = ConfusionMatrix.Of(rows);
        EmotionCounts[] perEmotion = [.. Emotions.All.Select(emotion => new EmotionCounts(
            emotion,
            confusion.Count(emotion, emotion),
            confusion.Counts[(int)emotion].Sum(),
            Emotions.All.Sum(truth => confusion.Count(truth, emotion))))];
        return new EmotionScores(perEmotion.Sum(emotion => emotion.Support), perEmotion.Sum(emotion => emotion.Correct), perEmotion, confusion);
    }
}
