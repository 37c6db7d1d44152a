using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;

namespace FacialR1.Training.Evaluation;

/// <summary>What a model wrote about one sample.</summary>
/// <param name="EmotionProbabilities">At the answer; empty when no answer was reached.</param>
public sealed record FaceAnswer(FaceSample Sample, string Text, int Tokens, IReadOnlyDictionary<Emotion, double> EmotionProbabilities);
