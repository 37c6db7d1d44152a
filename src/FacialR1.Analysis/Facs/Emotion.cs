namespace FacialR1.Analysis.Facs;

/// <summary>The seven labels of the embedded model, in the canonical order of every table and prompt.</summary>
public enum Emotion { Anger, Disgust, Fear, Happiness, Neutral, Sadness, Surprise }
