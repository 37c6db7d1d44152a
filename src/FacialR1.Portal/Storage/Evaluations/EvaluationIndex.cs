using System.Text;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Training.Runs;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;
using Microsoft.EntityFrameworkCore;

namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>A result file that is not in the database, and why.</summary>
public sealed record EvaluationProblem(string Name, string Message);

/// <summary>
/// Brings the database up to date with the result files, which stay the truth. A growing file is read on from where it was read last, a replaced one anew, a
/// deleted one is forgotten. Rows go in by the thousand, so memory does not grow with the file, and an import that is cut off goes on.
/// </summary>
public sealed class EvaluationIndex(IDbContextFactory<PortalDbContext> contexts, PortalPaths paths) : IDisposable
{
    /// <summary>Distinct values of one name of the metadata; a name with more (a frame number, say) divides nothing and is not kept beyond that.</summary>
    public const int MostValues = 1000;

    private const string Ending = ".jsonl";
    private const int Chunk = 4000, LongestValue = 200;
    private static readonly string[] SampleColumns =
    [
        nameof(EvaluationSampleRecord.EvaluationId), nameof(EvaluationSampleRecord.Number), nameof(EvaluationSampleRecord.Sample), nameof(EvaluationSampleRecord.Subject), nameof(EvaluationSampleRecord.Emotion),
        nameof(EvaluationSampleRecord.Answer), nameof(EvaluationSampleRecord.IsRight), nameof(EvaluationSampleRecord.Outcome), nameof(EvaluationSampleRecord.LabelledUnits), nameof(EvaluationSampleRecord.ClaimedUnits),
        nameof(EvaluationSampleRecord.Mentions), nameof(EvaluationSampleRecord.Hallucinated), nameof(EvaluationSampleRecord.Missed), nameof(EvaluationSampleRecord.Confidence), nameof(EvaluationSampleRecord.Tokens),
        nameof(EvaluationSampleRecord.FormatOk), nameof(EvaluationSampleRecord.IsTruncated), nameof(EvaluationSampleRecord.Place), nameof(EvaluationSampleRecord.Length),
    ];

    private static readonly string[] MemberColumns = [nameof(EvaluationSliceSampleRecord.SliceId), nameof(EvaluationSliceSampleRecord.Number)];
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Whether files are being read at this moment.</summary>
    public bool IsBusy => turn.CurrentCount == 0;

    /// <summary>Reads what is new in all files. Cheap where nothing changed. Those who ask while it works wait for it and look again.</summary>
    /// <returns>Files that cannot be read, with the reason.</returns>
    public async Task<IReadOnlyList<EvaluationProblem>> RefreshAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Refresh(cancellationToken), cancellationToken);
        }
        finally { turn.Release(); }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>Bit of a unit.</summary>
    internal static long Bit(int unit) => unit is >= 0 and < 64 ? 1L << unit : 0;

    /// <summary>Units of a set of bits, ascending.</summary>
    internal static IReadOnlyList<int> Units(long bits) => [.. Enumerable.Range(0, 64).Where(unit => (bits & Bit(unit)) != 0)];

    private List<EvaluationProblem> Refresh(CancellationToken cancellationToken)
    {
        FileInfo[] files = Directory.Exists(paths.Evaluations) ? [.. new DirectoryInfo(paths.Evaluations).GetFiles("*" + Ending, SearchOption.TopDirectoryOnly).OrderBy(file => file.Name, StringComparer.Ordinal)] : [];
        Dictionary<string, EvaluationRecord> known;
        using (var context = contexts.CreateDbContext())
        {
            known = context.Evaluations.AsNoTracking().ToDictionary(record => record.Name, StringComparer.Ordinal);
            var gone = known.Keys.Except(files.Select(NameOf)).ToList();
            if (gone.Count > 0) context.Evaluations.Where(record => gone.Contains(record.Name)).ExecuteDelete();
        }

        var problems = new List<EvaluationProblem>();
        foreach (var file in files)
        {
            try
            {
                Refresh(file, known.GetValueOrDefault(NameOf(file)), cancellationToken);
            }
            catch (Exception error) when (error is DataFormatException or IOException or UnauthorizedAccessException)
            {
                problems.Add(new EvaluationProblem(NameOf(file), error.Message));
            }
        }

        return problems;
    }

    private void Refresh(FileInfo file, EvaluationRecord? known, CancellationToken cancellationToken)
    {
        var changedAt = DateTimeOffset.FromUnixTimeMilliseconds(new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds());
        if (known is not null && known.Parser == ReasoningParser.Version && known.ChangedAt == changedAt) return;
        var (line, header) = ResultFile.LoadHeaderLine(file.FullName);
        using var context = contexts.CreateDbContext();
        var isContinued = known is not null && known.Header == line && known.Parser == ReasoningParser.Version && file.Length > known.IndexedBytes;
        if (known is not null && !isContinued) context.Evaluations.Where(record => record.Id == known.Id).ExecuteDelete();
        var record = isContinued ? known! : Add(context, NameOf(file), line, header);
        new FileImport(context, record, header, file, cancellationToken).Run(isContinued ? known!.IndexedBytes : Encoding.UTF8.GetByteCount(line) + 1, changedAt);
    }

    private static EvaluationRecord Add(PortalDbContext context, string name, string line, ResultHeader header)
    {
        var record = new EvaluationRecord
        {
            Name = name, Model = header.Model, CheckpointSha256 = header.CheckpointSha256, Benchmark = header.Benchmark, DataSha256 = header.DataSha256, Header = line, Parser = ReasoningParser.Version, ChangedAt = DateTimeOffset.UnixEpoch,
        };
        context.Evaluations.Add(record);
        context.SaveChanges();
        context.ChangeTracker.Clear();
        return record;
    }

    private static string NameOf(FileInfo file) => Path.GetFileNameWithoutExtension(file.Name);

    /// <summary>Reads one file into its rows.</summary>
    private sealed class FileImport(PortalDbContext context, EvaluationRecord record, ResultHeader header, FileInfo file, CancellationToken cancellationToken)
    {
        private readonly int[] vocabulary = ResultFile.Vocabulary(header, file.FullName);
        private readonly List<object?[]> samples = [], members = [];
        private readonly Dictionary<string, Dictionary<string, int>> slices = new(StringComparer.Ordinal);
        private int number = record.Answered;
        private long end;

        public void Run(long from, DateTimeOffset changedAt)
        {
            end = from;
            foreach (var slice in context.EvaluationSlices.AsNoTracking().Where(slice => slice.EvaluationId == record.Id))
                ValuesOf(slice.Name)[slice.Value] = slice.Id;
            new LineTail(file.FullName, from).Read(Take, cancellationToken);
            Flush(changedAt);
        }

        private void Take(ReadOnlySpan<byte> line, long place)
        {
            number++;
            try
            {
                Add(ResultFile.ParseRow(Encoding.UTF8.GetString(line), out var isTruncated), isTruncated, place, line.Length);
            }
            catch (FormatException error)
            {
                throw new DataFormatException(FormattableString.Invariant($"{file.FullName}, line {number + 1}: {error.Message} Lines as \"evaluate --out\" writes them are expected."), error);
            }

            end = place + line.Length + 1;
            if (samples.Count >= Chunk) Flush(DateTimeOffset.UnixEpoch);
        }

        private void Add(ResultRow row, bool isTruncated, long place, int length)
        {
            var (labelled, mentions) = (row.Reading.Labels.ActionUnits, row.Reading.MentionedActionUnits);
            long? truth = labelled is null ? null : Bits(labelled.Where(vocabulary.Contains));
            var claimed = Bits(mentions);
            samples.Add([
                record.Id, number, row.Sample, row.Subject, (int?)row.Reading.Labels.Emotion, (int?)row.Reading.Emotion, row.IsRight, (int?)AnswerOutcomes.Of(row.Reading, vocabulary), truth, claimed, string.Join(' ', mentions),
                truth is { } there ? mentions.Count(unit => vocabulary.Contains(unit) && (there & Bit(unit)) == 0) : null,
                truth is { } present ? System.Numerics.BitOperations.PopCount((ulong)(present & ~claimed)) : null,
                row.Confidence, row.Tokens, row.Reading.FormatOk, isTruncated, place, length,
            ]);
            foreach (var (name, value) in row.Metadata)
                if (SliceOf(Cut(name), Cut(value)) is { } slice) members.Add([slice, number]);
        }

        private int? SliceOf(string name, string value)
        {
            var values = ValuesOf(name);
            if (values.TryGetValue(value, out var id)) return id;
            if (values.Count >= MostValues) return null;
            var slice = new EvaluationSliceRecord { EvaluationId = record.Id, Name = name, Value = value };
            context.EvaluationSlices.Add(slice);
            context.SaveChanges();
            context.ChangeTracker.Clear();
            return values[value] = slice.Id;
        }

        private Dictionary<string, int> ValuesOf(string name)
        {
            if (!slices.TryGetValue(name, out var values)) slices[name] = values = new(StringComparer.Ordinal);
            return values;
        }

        /// <summary>Rows and the place up to which they were read become true together.</summary>
        private void Flush(DateTimeOffset changedAt)
        {
            using var transaction = context.Database.BeginTransaction();
            BulkRows.Insert(context, nameof(PortalDbContext.EvaluationSamples), SampleColumns, samples);
            BulkRows.Insert(context, nameof(PortalDbContext.EvaluationSliceSamples), MemberColumns, members);
            var (answered, indexed) = (number, end);
            context.Evaluations.Where(known => known.Id == record.Id).ExecuteUpdate(set => set
                .SetProperty(known => known.Answered, answered).SetProperty(known => known.IndexedBytes, indexed).SetProperty(known => known.ChangedAt, changedAt));
            transaction.Commit();
            samples.Clear();
            members.Clear();
        }

        private static long Bits(IEnumerable<int> units) => units.Aggregate(0L, (bits, unit) => bits | Bit(unit));

        private static string Cut(string text) => text.Length <= LongestValue ? text : text[..LongestValue];
    }
}
