using Microsoft.EntityFrameworkCore;

namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>Turns a <see cref="SampleQuery"/> into SQL that both databases answer from their indexes.</summary>
internal static class AnswerFilter
{
    /// <param name="slice">Of the metadata that the query names, looked up before: within the condition it would be looked up for every row.</param>
    public static IQueryable<EvaluationSampleRecord> Where(PortalDbContext context, int evaluation, SampleQuery query, int? slice)
    {
        var hits = context.EvaluationSamples.AsNoTracking().Where(sample => sample.EvaluationId == evaluation);
        if (query.Label is { } label) hits = hits.Where(sample => sample.Emotion == label);
        if (query.Answer is { } answer) hits = hits.Where(sample => sample.Answer == answer);
        if (query.IsUnread) hits = hits.Where(sample => sample.Answer == null);
        if (query.IsRight is { } isRight) hits = hits.Where(sample => sample.IsRight == isRight);
        if (query.Outcome is { } outcome) hits = hits.Where(sample => sample.Outcome == outcome);
        if (query.FormatOk is { } formatOk) hits = hits.Where(sample => sample.FormatOk == formatOk);
        if (query.Hallucinates is { } hallucinates) hits = hallucinates ? hits.Where(sample => sample.Hallucinated > 0) : hits.Where(sample => sample.Hallucinated == 0);
        if (query.Subject is { } subject) hits = hits.Where(sample => sample.Subject == subject);
        if (query.ConfidenceAbove is { } above) hits = hits.Where(sample => sample.Confidence > above);
        if (query.ConfidenceTo is { } to) hits = hits.Where(sample => sample.Confidence <= to);
        if (query.Unit is { } unit && EvaluationIndex.Bit(unit) is not 0 and var bit)
            hits = query.Place switch
            {
                UnitPlace.Labelled => hits.Where(sample => (sample.LabelledUnits & bit) != 0),
                UnitPlace.Claimed => hits.Where(sample => sample.LabelledUnits != null && (sample.ClaimedUnits & bit) != 0),
                UnitPlace.Hallucinated => hits.Where(sample => (sample.ClaimedUnits & bit) != 0 && (sample.LabelledUnits & bit) == 0),
                UnitPlace.Missed => hits.Where(sample => (sample.LabelledUnits & bit) != 0 && (sample.ClaimedUnits & bit) == 0),
                _ => hits.Where(sample => (sample.LabelledUnits & bit) != 0 && (sample.ClaimedUnits & bit) != 0),
            };
        if (slice is { } id) hits = hits.Where(sample => context.EvaluationSliceSamples.Any(member => member.SliceId == id && member.Number == sample.Number));
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var pattern = LikePattern.Containing(query.Search.Trim().ToLowerInvariant());
            hits = hits.Where(sample => EF.Functions.Like(sample.Sample.ToLower(), pattern, LikePattern.Escape));
        }

        return hits;
    }

    /// <summary>Complete: ties are broken by the number. What is not known stands last, whichever way.</summary>
    public static IQueryable<EvaluationSampleRecord> Order(IQueryable<EvaluationSampleRecord> hits, SampleQuery query) => (query.Order, query.IsDescending) switch
    {
        (AnswerOrder.Sample, false) => hits.OrderBy(sample => sample.Sample),
        (AnswerOrder.Sample, true) => hits.OrderByDescending(sample => sample.Sample),
        (AnswerOrder.Label, false) => hits.OrderBy(sample => sample.Emotion == null).ThenBy(sample => sample.Emotion).ThenBy(sample => sample.Number),
        (AnswerOrder.Label, true) => hits.OrderBy(sample => sample.Emotion == null).ThenByDescending(sample => sample.Emotion).ThenBy(sample => sample.Number),
        (AnswerOrder.Answer, false) => hits.OrderBy(sample => sample.Answer == null).ThenBy(sample => sample.Answer).ThenBy(sample => sample.Number),
        (AnswerOrder.Answer, true) => hits.OrderBy(sample => sample.Answer == null).ThenByDescending(sample => sample.Answer).ThenBy(sample => sample.Number),
        (AnswerOrder.Hallucinated, false) => hits.OrderBy(sample => sample.Hallucinated == null).ThenBy(sample => sample.Hallucinated).ThenBy(sample => sample.Number),
        (AnswerOrder.Hallucinated, true) => hits.OrderBy(sample => sample.Hallucinated == null).ThenByDescending(sample => sample.Hallucinated).ThenBy(sample => sample.Number),
        (AnswerOrder.Missed, false) => hits.OrderBy(sample => sample.Missed == null).ThenBy(sample => sample.Missed).ThenBy(sample => sample.Number),
        (AnswerOrder.Missed, true) => hits.OrderBy(sample => sample.Missed == null).ThenByDescending(sample => sample.Missed).ThenBy(sample => sample.Number),
        (AnswerOrder.Confidence, false) => hits.OrderBy(sample => sample.Confidence == null).ThenBy(sample => sample.Confidence).ThenBy(sample => sample.Number),
        (AnswerOrder.Confidence, true) => hits.OrderBy(sample => sample.Confidence == null).ThenByDescending(sample => sample.Confidence).ThenBy(sample => sample.Number),
        (AnswerOrder.Tokens, false) => hits.OrderBy(sample => sample.Tokens).ThenBy(sample => sample.Number),
        (AnswerOrder.Tokens, true) => hits.OrderByDescending(sample => sample.Tokens).ThenBy(sample => sample.Number),
        (_, false) => hits.OrderBy(sample => sample.Number),
        _ => hits.OrderByDescending(sample => sample.Number),
    };
}
