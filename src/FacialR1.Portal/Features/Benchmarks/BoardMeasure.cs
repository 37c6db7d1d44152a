using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Storage.Evaluations;

namespace FacialR1.Portal.Features.Benchmarks;

/// <summary>A column of the leaderboard.</summary>
/// <param name="Id">In addresses.</param>
/// <param name="Of">Its value; null where it is not defined.</param>
/// <param name="N">Samples it covers.</param>
/// <param name="Behind">The samples that a reader wants to see behind the number.</param>
/// <param name="Section">Part of the result's page that takes the number apart.</param>
public sealed record BoardMeasure(string Id, string Name, Func<EvaluationReport, Estimate?> Of, Func<EvaluationReport, int> N, SampleQuery Behind, string Section)
{
    public static IReadOnlyList<BoardMeasure> All { get; } =
    [
        new("accuracy", "Emotion accuracy", report => report.EmotionAccuracy, report => report.EmotionLabelled, new SampleQuery { IsRight = true }, "samples"),
        new("emotion-f1", "Emotion macro-F1", report => report.EmotionMacroF1, report => report.EmotionLabelled, new SampleQuery { IsRight = false }, "emotions"),
        new("au-f1", "AU macro-F1", report => report.AuMacroF1, report => report.AuLabelled, new SampleQuery { Order = AnswerOrder.Missed, IsDescending = true }, "units"),
        new("au-micro-f1", "AU micro-F1", report => report.AuMicroF1, report => report.AuLabelled, new SampleQuery { Order = AnswerOrder.Missed, IsDescending = true }, "units"),
        new("hallucination", "AU hallucination", report => report.Hallucination, report => report.AuLabelled, new SampleQuery { Hallucinates = true, Order = AnswerOrder.Hallucinated, IsDescending = true }, "samples"),
        new("coverage", "AU coverage", report => report.Coverage, report => report.AuLabelled, new SampleQuery { Order = AnswerOrder.Missed, IsDescending = true }, "samples"),
        new("format", "Format", report => report.FormatRate, report => report.N, new SampleQuery { FormatOk = false }, "samples"),
    ];

    public static BoardMeasure Find(string? id) => All.FirstOrDefault(measure => measure.Id == id) ?? All[0];
}
