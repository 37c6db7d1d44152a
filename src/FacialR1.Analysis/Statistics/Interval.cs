namespace FacialR1.Analysis.Statistics;

/// <summary>The two ends of a confidence interval, both included.</summary>
public readonly record struct Interval(double Low, double High);
