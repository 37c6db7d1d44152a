using FacialR1.Analysis.Facs;

namespace FacialR1.Training.Evaluation;

/// <summary>What a model wrote about one picture.</summary>
/// <param name="Text">Without special tokens.</param>
/// <param name="Tokens">Tokens written.</param>
/// <param name="IsTruncated">Cut at the token limit.</param>
/// <param name="EmotionProbabilities">At the answer; empty when no answer was reached.</param>
public sealed record WrittenAnswer(string Text, int Tokens, bool IsTruncated, IReadOnlyDictionary<Emotion, double> EmotionProbabilities);
