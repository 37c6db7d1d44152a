using System.Text;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Training.Evaluation;
using Microsoft.EntityFrameworkCore;

namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>What a share of samples is counted by.</summary>
public enum SliceMeasure { Right, RightReasons, Hallucinating, Format }

/// <summary>Reads results: lists, pages, slices and measures come from the database, words from the file.</summary>
public sealed class EvaluationStore(IDbContextFactory<PortalDbContext> contexts, PortalPaths paths)
{
    /// <summary>By benchmark and name.</summary>
    public async Task<IReadOnlyList<EvaluationRecord>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Evaluations.AsNoTracking().OrderBy(record => record.Benchmark).ThenBy(record => record.Name).ToListAsync(cancellationToken);
    }

    /// <returns>Null when there is no such result.</returns>
    public async Task<EvaluationRecord?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Evaluations.AsNoTracking().FirstOrDefaultAsync(record => record.Name == name, cancellationToken);
    }

    /// <summary>One page of samples, counted, filtered and sorted by the database.</summary>
    public async Task<PageOfSamples> PageAsync(int evaluation, SampleQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        int? slice = null;
        if (query.Slice is { } part)
        {
            slice = await context.EvaluationSlices.Where(known => known.EvaluationId == evaluation && known.Name == part.Name && known.Value == part.Value).Select(known => (int?)known.Id).FirstOrDefaultAsync(cancellationToken);
            if (slice is null) return new PageOfSamples([], 0, 1, query.PageSize);
        }

        var hits = AnswerFilter.Where(context, evaluation, query, slice);
        var total = await hits.CountAsync(cancellationToken);
        var page = Math.Clamp(query.Page, 1, Math.Max(1, (total + query.PageSize - 1) / query.PageSize));
        var samples = await AnswerFilter.Order(hits, query).Skip((page - 1) * query.PageSize).Take(query.PageSize).ToListAsync(cancellationToken);
        return new PageOfSamples(samples, total, page, query.PageSize);
    }

    /// <returns>Null when there is no such sample.</returns>
    public async Task<EvaluationSampleRecord?> FindSampleAsync(int evaluation, int number, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.EvaluationSamples.AsNoTracking().FirstOrDefaultAsync(sample => sample.EvaluationId == evaluation && sample.Number == number, cancellationToken);
    }

    /// <param name="sample">As the benchmark names it.</param>
    /// <returns>Null when there is no such sample.</returns>
    public async Task<EvaluationSampleRecord?> FindSampleAsync(int evaluation, string sample, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.EvaluationSamples.AsNoTracking().FirstOrDefaultAsync(known => known.EvaluationId == evaluation && known.Sample == sample, cancellationToken);
    }

    /// <summary>The answers of other results to a sample of the same data: (result, number).</summary>
    public async Task<IReadOnlyList<(EvaluationRecord Result, EvaluationSampleRecord Sample)>> OthersAsync(EvaluationRecord record, string sample, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (from other in context.Evaluations.AsNoTracking() where other.DataSha256 == record.DataSha256 && other.Id != record.Id
                           join answer in context.EvaluationSamples.AsNoTracking() on other.Id equals answer.EvaluationId where answer.Sample == sample
                           orderby other.Name select new { other, answer }).ToListAsync(cancellationToken);
        return [.. found.Select(pair => (pair.other, pair.answer))];
    }

    /// <summary>The words of samples, read from their places in the file.</summary>
    /// <exception cref="IOException">The file is gone.</exception>
    public async Task<IReadOnlyList<ResultRow>> ReadAsync(EvaluationRecord record, IEnumerable<EvaluationSampleRecord> samples, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(samples);
        var rows = new List<ResultRow>();
        await using var file = new FileStream(PathOf(record), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        foreach (var sample in samples)
        {
            var line = new byte[sample.Length];
            file.Position = sample.Place;
            await file.ReadExactlyAsync(line, cancellationToken);
            rows.Add(ResultFile.ParseRow(Encoding.UTF8.GetString(line), out _));
        }

        return rows;
    }

    /// <summary>All measures by a protocol; measured once for the rows there are, then read.</summary>
    public async Task<EvaluationReport> ReportAsync(EvaluationRecord record, EvaluationProtocol protocol, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var id = protocol.Id();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await context.EvaluationReports.FirstOrDefaultAsync(report => report.EvaluationId == record.Id && report.Protocol == id, cancellationToken);
        if (stored is not null && stored.Answered == record.Answered && Kept(stored) is { } kept) return kept;

        var measured = await Task.Run(() => Measure(record, protocol, cancellationToken), cancellationToken);
        if (stored is null) context.EvaluationReports.Add(new EvaluationReportRecord { EvaluationId = record.Id, Protocol = id, Answered = measured.N, Json = measured.ToJson() });
        else (stored.Answered, stored.Json) = (measured.N, measured.ToJson());
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another page has measured and stored the same meanwhile, or the result was replaced; what was measured here is right all the same.
        }

        return measured;
    }

    /// <summary>How sure the model was of answers that have a label, and whether they were right.</summary>
    public async Task<IReadOnlyList<ConfidentAnswer>> ConfidencesAsync(int evaluation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var pairs = await context.EvaluationSamples.AsNoTracking().Where(sample => sample.EvaluationId == evaluation && sample.Confidence != null && sample.IsRight != null)
            .OrderBy(sample => sample.Number).Select(sample => new { Confidence = sample.Confidence!.Value, IsRight = sample.IsRight!.Value }).ToListAsync(cancellationToken);
        return pairs.ConvertAll(pair => new ConfidentAnswer(pair.Confidence, pair.IsRight));
    }

    /// <summary>How many samples of each slice the measure holds for: by emotion, action unit, subject and every name of the metadata; then of all samples it is defined for.</summary>
    public async Task<(IReadOnlyList<SliceCount> Slices, int Hits, int Samples)> SlicesAsync(int evaluation, SliceMeasure measure, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var samples = Counted(context, evaluation, measure);
        var slices = new List<SliceCount>();

        var emotions = await samples.GroupBy(sample => sample.Emotion).Select(group => new { group.Key, Samples = group.Count(), Hits = group.Sum(sample => sample.Hit) }).ToListAsync(cancellationToken);
        slices.AddRange(emotions.Where(group => group.Key != null).Select(group => new SliceCount(SliceCount.Emotion, ((Emotion)group.Key!).Name(), group.Hits, group.Samples)));

        var patterns = await samples.Where(sample => sample.LabelledUnits != null).GroupBy(sample => sample.LabelledUnits)
            .Select(group => new { group.Key, Samples = group.Count(), Hits = group.Sum(sample => sample.Hit) }).ToListAsync(cancellationToken);
        foreach (var unit in patterns.SelectMany(group => EvaluationIndex.Units(group.Key!.Value)).Distinct().Order())
        {
            var own = patterns.Where(group => (group.Key!.Value & EvaluationIndex.Bit(unit)) != 0).ToArray();
            slices.Add(new SliceCount(SliceCount.Unit, ActionUnit.CodeOf(unit), own.Sum(group => group.Hits), own.Sum(group => group.Samples)));
        }

        var subjects = await samples.Where(sample => sample.Subject != null).GroupBy(sample => sample.Subject).Select(group => new { group.Key, Samples = group.Count(), Hits = group.Sum(sample => sample.Hit) })
            .OrderBy(group => group.Key).Take(EvaluationIndex.MostValues).ToListAsync(cancellationToken);
        slices.AddRange(subjects.Select(group => new SliceCount(SliceCount.Subject, group.Key!, group.Hits, group.Samples)));

        var named = await (from slice in context.EvaluationSlices.AsNoTracking() where slice.EvaluationId == evaluation
                           join member in context.EvaluationSliceSamples.AsNoTracking() on slice.Id equals member.SliceId
                           join sample in samples on member.Number equals sample.Number
                           group sample by new { slice.Name, slice.Value } into grouped
                           select new { grouped.Key.Name, grouped.Key.Value, Samples = grouped.Count(), Hits = grouped.Sum(sample => sample.Hit) }).ToListAsync(cancellationToken);
        slices.AddRange(named.OrderBy(slice => slice.Name, StringComparer.Ordinal).ThenBy(slice => slice.Value, StringComparer.Ordinal).Select(slice => new SliceCount(slice.Name, slice.Value, slice.Hits, slice.Samples)));
        var all = await samples.GroupBy(_ => 1).Select(group => new { Samples = group.Count(), Hits = group.Sum(sample => sample.Hit) }).FirstOrDefaultAsync(cancellationToken);
        return (slices, all?.Hits ?? 0, all?.Samples ?? 0);
    }

    /// <summary>Fewer resamples for many samples: the time stays within seconds, and the ends of an interval are as sure as before relative to its width.</summary>
    internal static int Resamples(int samples) => samples <= 10_000 ? 2000 : samples <= 50_000 ? 500 : 200;

    private string PathOf(EvaluationRecord record) => Path.Combine(paths.Evaluations, record.Name + ".jsonl");

    private static IQueryable<CountedSample> Counted(PortalDbContext context, int evaluation, SliceMeasure measure)
    {
        var samples = context.EvaluationSamples.AsNoTracking().Where(sample => sample.EvaluationId == evaluation);
        return measure switch
        {
            SliceMeasure.Right => samples.Where(sample => sample.IsRight != null).Select(sample => new CountedSample { Number = sample.Number, Emotion = sample.Emotion, LabelledUnits = sample.LabelledUnits, Subject = sample.Subject, Hit = sample.IsRight == true ? 1 : 0 }),
            SliceMeasure.RightReasons => samples.Where(sample => sample.Outcome != null).Select(sample => new CountedSample { Number = sample.Number, Emotion = sample.Emotion, LabelledUnits = sample.LabelledUnits, Subject = sample.Subject, Hit = sample.Outcome == AnswerOutcome.RightForTheRightReasons ? 1 : 0 }),
            SliceMeasure.Hallucinating => samples.Where(sample => sample.Hallucinated != null).Select(sample => new CountedSample { Number = sample.Number, Emotion = sample.Emotion, LabelledUnits = sample.LabelledUnits, Subject = sample.Subject, Hit = sample.Hallucinated > 0 ? 1 : 0 }),
            _ => samples.Select(sample => new CountedSample { Number = sample.Number, Emotion = sample.Emotion, LabelledUnits = sample.LabelledUnits, Subject = sample.Subject, Hit = sample.FormatOk ? 1 : 0 }),
        };
    }

    /// <summary>Null when an earlier version stored it, without what is said now; it is measured again.</summary>
    private static EvaluationReport? Kept(EvaluationReportRecord stored)
    {
        try
        {
            return EvaluationReport.FromJson(stored.Json);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private EvaluationReport Measure(EvaluationRecord record, EvaluationProtocol protocol, CancellationToken cancellationToken)
    {
        var annotated = ResultFile.Vocabulary(ResultHeader.Parse(record.Header), record.Name);
        var rows = protocol == EvaluationProtocol.StrictReference ? StrictRows(record, cancellationToken) : StoredRows(record);
        return EvaluationReport.Of(rows, protocol.Vocabulary(rows.Select(row => row.Labels), annotated), resamples: Resamples(rows.Count), clusters: SubjectClusters.Of(Subjects(record)));
    }

    private List<EvaluationRow> StoredRows(EvaluationRecord record)
    {
        using var context = contexts.CreateDbContext();
        var rows = new List<EvaluationRow>(record.Answered);
        foreach (var sample in context.EvaluationSamples.AsNoTracking().Where(sample => sample.EvaluationId == record.Id).OrderBy(sample => sample.Number)
            .Select(sample => new { sample.FormatOk, sample.Answer, sample.Mentions, sample.Emotion, sample.LabelledUnits }))
            rows.Add(new EvaluationRow(sample.FormatOk, sample.Answer, Numbers(sample.Mentions), new ResponseLabels(sample.Emotion, sample.LabelledUnits is { } bits ? EvaluationIndex.Units(bits) : null)));
        return rows;
    }

    /// <summary>The strict reader reads the words themselves.</summary>
    private List<EvaluationRow> StrictRows(EvaluationRecord record, CancellationToken cancellationToken)
    {
        var rows = new List<EvaluationRow>(record.Answered);
        var isHeader = true;
        new LineTail(PathOf(record)).Read(
            (line, _) =>
            {
                if (!isHeader && rows.Count < record.Answered && ResultFile.ParseRow(Encoding.UTF8.GetString(line), out var _) is { } row) rows.Add(EvaluationProtocol.StrictReference.Read(row.Text, row.Reading.Labels));
                isHeader = false;
            }, cancellationToken);
        return rows;
    }

    private List<string?> Subjects(EvaluationRecord record)
    {
        using var context = contexts.CreateDbContext();
        return context.EvaluationSamples.AsNoTracking().Where(sample => sample.EvaluationId == record.Id).OrderBy(sample => sample.Number).Select(sample => sample.Subject).Take(record.Answered).ToList();
    }

    private static int[] Numbers(string mentions) => mentions.Length == 0 ? [] : [.. mentions.Split(' ').Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    private sealed class CountedSample
    {
        public int Number { get; init; }
        public Emotion? Emotion { get; init; }
        public long? LabelledUnits { get; init; }
        public string? Subject { get; init; }
        public int Hit { get; init; }
    }
}
