using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Similarity;
using FacialR1.Analysis.Statistics;
using FacialR1.Analysis.Verification;

namespace FacialR1.Analysis.Comparison;

/// <summary>One measure of an evaluation.</summary>
/// <param name="Group">What it belongs to, in words.</param>
/// <param name="Id">Stable name for files.</param>
/// <param name="Name">What people read.</param>
/// <param name="Value">Null where it is not defined; <paramref name="Note"/> then says why.</param>
/// <param name="Low">Lower end of the 95% interval; null where none is computed.</param>
/// <param name="High">Upper end.</param>
/// <param name="N">Answers it rests on.</param>
/// <param name="Note">What a reader must know beside the number.</param>
public sealed record Measured(string Group, string Id, string Name, double? Value, double? Low, double? High, int N, string? Note = null);

/// <summary>Every measure of recognition, calibration, text overlap, hallucination, claims, consistency and alignment for the answers of one model, each with n.</summary>
public static class MeasureTable
{
    private const string Recognition = "Recognition", Certainty = "Calibration", Overlap = "Text overlap with the reference", Hallucination = "Hallucination and coverage",
        Claims = "Claims", Consistency = "Consistency and alignment";

    private const string NoEmotions = "no emotion labels", NoUnits = "no action unit labels", NoReference = "no reference reasoning", NoProbabilities = "no answer probabilities";

    /// <summary>Measures a set of answers. Photos of one subject are resampled together.</summary>
    /// <param name="set">The answers.</param>
    /// <param name="tables">For consistency and alignment.</param>
    /// <param name="seed">Of the bootstrap; the same answers and seed give the same table.</param>
    /// <param name="resamples">Behind the intervals.</param>
    public static IReadOnlyList<Measured> Of(ResultSet set, AlignmentTables tables, ulong seed = 0, int resamples = Bootstrap.DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(tables);
        EvaluationRow[] readings = [.. set.Rows.Select(row => row.Reading)];
        Answer[] answers = [.. set.Rows.Select(row => new Answer(row, ReasoningCheck.Of(ClaimReader.Read(row.Text), Evidence(row, set.Vocabulary), tables.Weights, tables.Prototypes, row.Reading.Labels.Emotion), set.Vocabulary))];
        var clusters = SubjectClusters.Of([.. set.Rows.Select(row => row.Subject)]);
        ConfidentAnswer[] confident = [.. set.Rows.Where(row => row is { Confidence: not null, IsRight: not null }).Select(row => new ConfidentAnswer(row.Confidence!.Value, row.IsRight!.Value))];

        var counts = new EvaluationCounts(set.Vocabulary).Of(readings, clusters);
        var values = new ResultValues(set.Vocabulary, Calibration.DefaultBins(confident.Length)).Of(set.Rows, clusters);
        var ratios = Ratios(answers, clusters);
        var all = counts.With(values).With(ratios);
        var observed = all.Observed();
        var drawn = set.Rows.Count == 0 ? null : Bootstrap.Resample([all], new Pcg32(seed, stream: 0x4d454153), resamples);

        var (emotions, units) = (readings.Count(row => row.Labels.Emotion is not null), readings.Count(row => row.Labels.ActionUnits is not null));
        var joint = readings.Count(row => row.Labels is { Emotion: not null, ActionUnits: not null });
        var referenced = set.Rows.Count(row => row.Reference is not null && Rouge.AppliesTo(row.Reference));
        var paper = ActionUnitScores.Of(readings, set.Vocabulary, MacroPolicy.Paper);
        var strict = ActionUnitScores.Of(readings, set.Vocabulary, outside: OutsidePolicy.CountAsFalsePositive);
        var hallucinated = HallucinationScores.Of(readings, set.Vocabulary);

        var table = new List<Measured>();
        void Add(string group, string id, string name, int at, int n, string why, string? note = null)
        {
            var interval = double.IsNaN(observed[at]) ? null : drawn?.Of(0, at).Interval();
            table.Add(double.IsNaN(observed[at]) ? new Measured(group, id, name, null, null, null, n, why) : new Measured(group, id, name, observed[at], interval?.Low, interval?.High, n, note));
        }

        void Plain(string group, string id, string name, double? value, int n, string why, string? note) => table.Add(new Measured(group, id, name, value, null, null, n, value is null ? why : note));
        var (firstValue, firstRatio) = (counts.Measures, counts.Measures + values.Measures);

        Add(Recognition, "emotion-accuracy", "Emotion accuracy", EvaluationCounts.EmotionAccuracy, emotions, NoEmotions);
        Add(Recognition, "emotion-macro-f1", "Emotion macro-F1", EvaluationCounts.EmotionMacroF1, emotions, NoEmotions);
        Add(Recognition, "emotion-balanced-accuracy", "Emotion balanced accuracy", EvaluationCounts.EmotionBalancedAccuracy, emotions, NoEmotions);
        Add(Recognition, "au-macro-f1", "AU macro-F1", EvaluationCounts.AuMacroF1, units, NoUnits, "units never true count with F1 0 when claimed; claims outside the set are not scored");
        Plain(Recognition, "au-macro-f1-paper", "AU macro-F1, paper protocol", paper.MacroF1, units, NoUnits, "units never true are left out, so claiming them costs nothing; no interval");
        Plain(Recognition, "au-macro-f1-outside", "AU macro-F1, claims outside the set are false", strict.MacroF1, units, NoUnits, $"{strict.PerUnit.Count - set.Vocabulary.Count} units outside the set were claimed; no interval");
        Add(Recognition, "au-micro-f1", "AU micro-F1", EvaluationCounts.AuMicroF1, units, NoUnits);
        Plain(Recognition, "au-micro-f1-outside", "AU micro-F1, claims outside the set are false", strict.MicroF1, units, NoUnits, "no interval");
        Add(Recognition, "au-sample-f1", "AU F1 per sample", firstValue + ResultValues.AuSampleF1, units, NoUnits);
        Add(Recognition, "format-rate", "Format rate", EvaluationCounts.FormatRate, set.Rows.Count, "no answers");
        Add(Recognition, "unparsed-rate", "Answers that cannot be read", EvaluationCounts.UnparsedRate, set.Rows.Count, "no answers", "they count as wrong");

        Add(Certainty, "ece", "Expected calibration error", firstValue + ResultValues.CalibrationError, confident.Length, NoProbabilities, $"{Calibration.DefaultBins(confident.Length)} bins of equal width");
        Plain(Certainty, "ece-equal-mass", "Expected calibration error, equal mass", confident.Length == 0 ? null : Calibration.ExpectedError(Calibration.EqualMassBins(confident)), confident.Length, NoProbabilities, "less biased at small n; no interval");
        Add(Certainty, "brier", "Brier score of the answer", firstValue + ResultValues.Brier, confident.Length, NoProbabilities);

        Add(Overlap, "rouge-1", "ROUGE-1", firstRatio + Rouge1, referenced, NoReference, "F, stemmed, think block only");
        Add(Overlap, "rouge-2", "ROUGE-2", firstRatio + Rouge2, referenced, NoReference, "F, stemmed, think block only");
        Add(Overlap, "rouge-l", "ROUGE-L", firstValue + ResultValues.RougeL, referenced, NoReference, "F, stemmed, think block only");
        AddRege("rege-emotion", "REGE, emotion task", EvaluationCounts.EmotionAccuracy, emotions);
        AddRege("rege-au", "REGE, action unit task", EvaluationCounts.AuMacroF1, units);

        Add(Hallucination, "chair-i", "CHAIR_i, mentions", EvaluationCounts.Hallucination, hallucinated.Mentions, NoUnits, "n is verifiable mentions");
        Add(Hallucination, "chair-i-unique", "CHAIR_i, each unit once", EvaluationCounts.UnitHallucination, hallucinated.ClaimedUnits, NoUnits, "n is claimed units");
        Add(Hallucination, "chair-s", "CHAIR_s, responses", EvaluationCounts.HallucinatingResponses, units, NoUnits);
        Add(Hallucination, "chair-s-claiming", "CHAIR_s, responses that claim anything", firstRatio + ClaimingResponses, hallucinated.ClaimingResponses, NoUnits);
        Add(Hallucination, "coverage", "Coverage of true units", EvaluationCounts.Coverage, hallucinated.TrueUnits, NoUnits, "n is true units");
        Add(Hallucination, "omission", "Omission of true units", firstRatio + Omission, hallucinated.TrueUnits, NoUnits, "n is true units");
        Add(Hallucination, "mean-mentions", "AU mentions per response", EvaluationCounts.MeanMentions, units, NoUnits, "rates compare only where it is alike");

        var said = answers.Where(answer => answer.HasUnits).Sum(answer => answer.Check.Claims.Count);
        Add(Claims, "claim-precision", "Claim precision", firstRatio + ClaimPrecision, answers.Sum(answer => answer.Supported + answer.Contradicted), NoUnits, "supported / decided claims, in words and codes; n is decided claims");
        Add(Claims, "claim-recall", "Claim recall", firstRatio + ClaimRecall, answers.Sum(answer => answer.Reference.Count), NoReference, "reference claims that are made; n is reference claims");
        Add(Claims, "claim-unverifiable", "Unverifiable share of claims", firstRatio + Unverifiable, said, NoUnits, "n is claims");

        Add(Consistency, "stated", "Stated emotion is the answer", firstRatio + Stated, answers.Count(answer => answer.Check.StatedIsAnswer is not null), "no emotion is stated in the reasoning");
        var ties = answers.Count(answer => answer.Check.Alignment.IsTie);
        Add(Consistency, "implied", "Implied emotion is the answer", firstRatio + Implied, answers.Count(answer => answer.Implied is not null), "no claimed unit has a weight", $"a tie counts half: {ties}");
        Add(Consistency, "joint-right-exact", "Label right, unit set exactly right", firstRatio + RightExact, joint, "no samples with both kinds of labels");
        Add(Consistency, "joint-right-inexact", "Label right, unit set not exactly right", firstRatio + RightInexact, joint, "no samples with both kinds of labels");
        Add(Consistency, "joint-wrong-exact", "Label wrong, unit set exactly right", firstRatio + WrongExact, joint, "no samples with both kinds of labels");
        Add(Consistency, "joint-wrong-inexact", "Label wrong, unit set not exactly right", firstRatio + WrongInexact, joint, "no samples with both kinds of labels");
        Add(Consistency, "wrong-reasons", "Right label for the wrong reasons", EvaluationCounts.WrongReasons, joint, "no samples with both kinds of labels", "label right with at least one hallucinated unit");
        Add(Consistency, "alignment-pmi", "Alignment of claimed units with the answer", firstRatio + Alignment, answers.Count(answer => answer.Check.Alignment.Alignment is not null), "no claimed unit has a weight", $"softmax of summed weights, {tables.Weights.Version}; a reading aid, not a probability");
        Add(Consistency, "alignment-prototype", "Fit of claimed units to patterns of the answer", firstRatio + PrototypeFit, answers.Count(answer => answer.Prototype is not null), "no answer", $"best F1, {tables.Prototypes.Version}");
        return table;

        void AddRege(string id, string name, int recognition, int labelled)
        {
            var (seen, written) = (observed[recognition], observed[firstValue + ResultValues.RougeL]);
            if (double.IsNaN(seen) || double.IsNaN(written)) Plain(Overlap, id, name, null, Math.Min(labelled, referenced), labelled == 0 ? "no labels of the task" : NoReference, null);
            else
            {
                var rege = new Rege(seen, written);
                Plain(Overlap, id, name, rege.Sum, Math.Min(labelled, referenced), "", FormattableString.Invariant($"a sum, 0 to 2: recognition {rege.Recognition:0.000} + ROUGE-L {rege.Generation:0.000}; no interval"));
            }
        }
    }

    // Positions among the ratios; each is a sum over a sum.
    private const int Rouge1 = 0, Rouge2 = 1, ClaimingResponses = 2, Omission = 3, ClaimPrecision = 4, ClaimRecall = 5, Unverifiable = 6, Stated = 7, Implied = 8,
        RightExact = 9, RightInexact = 10, WrongExact = 11, WrongInexact = 12, Alignment = 13, PrototypeFit = 14, RatioCount = 15;

    private static Resampled Ratios(IReadOnlyList<Answer> answers, IReadOnlyList<int>? clusters)
    {
        var table = new ValueTable(answers.Count, 2 * RatioCount);
        for (var row = 0; row < answers.Count; row++) answers[row].Fill(table[row]);
        return Resampled.From(clusters is null ? table : table.SumBy(clusters), RatioCount, (totals, values) =>
        {
            for (var ratio = 0; ratio < RatioCount; ratio++) values[ratio] = totals[2 * ratio + 1] == 0 ? double.NaN : totals[2 * ratio] / totals[2 * ratio + 1];
        });
    }

    private static FaceEvidence Evidence(ResultRow row, IReadOnlyList<int> vocabulary) =>
        row.Reading.Labels.ActionUnits is { } units ? FaceEvidence.Annotated(units, vocabulary) : FaceEvidence.None;

    /// <summary>One answer with its claims checked against the labels.</summary>
    private sealed class Answer(ResultRow row, ReasoningCheck check, IReadOnlyList<int> vocabulary)
    {
        public ReasoningCheck Check { get; } = check;
        public bool HasUnits { get; } = row.Reading.Labels.ActionUnits is not null;
        public int Supported { get; } = check.Claims.Count(claim => claim.Verdict == Verification.Verdict.Supported);
        public int Contradicted { get; } = check.Claims.Count(claim => claim.Verdict == Verification.Verdict.Contradicted);

        /// <summary>Units that the reference asserts.</summary>
        public IReadOnlyCollection<int> Reference { get; } = row.Reference is { } reference ? [.. ClaimReader.Read(reference).AssertedActionUnits] : [];

        /// <summary>1, 0, or one half on a tie; null without weights or answer.</summary>
        public double? Implied => Check.Alignment.IsTie ? 0.5 : Check.Alignment.ImpliedIsAnswer is { } holds ? holds ? 1 : 0 : null;

        public double? Prototype => Check.Alignment.Answer is { } answer && Check.Alignment.Prototypes.TryGetValue(answer, out var fit) ? fit.F1 : null;

        public void Fill(Span<double> values)
        {
            if (row.Reference is { } reference && Rouge.AppliesTo(reference))
            {
                var (expected, written) = (ResultValues.Thought(reference), ResultValues.Thought(row.Text));
                Add(values, Rouge1, Rouge.N(expected, written, 1).F, 1);
                Add(values, Rouge2, Rouge.N(expected, written, 2).F, 1);
            }

            Add(values, ClaimRecall, Reference.Count(Check.Reading.AssertedActionUnits.Contains), Reference.Count);
            if (HasUnits)
            {
                var (claimed, truth) = (row.Reading.ClaimedWithin(vocabulary), row.Reading.TrueWithin(vocabulary));
                Add(values, ClaimingResponses, claimed.Any(unit => !truth.Contains(unit)) ? 1 : 0, claimed.Count > 0 ? 1 : 0);
                Add(values, Omission, truth.Count(unit => !claimed.Contains(unit)), truth.Count);
                Add(values, ClaimPrecision, Supported, Supported + Contradicted);
                Add(values, Unverifiable, Check.Claims.Count - Supported - Contradicted, Check.Claims.Count);
                if (row.IsRight is { } isRight)
                {
                    var isExact = claimed.SetEquals(truth);
                    Add(values, RightExact, isRight && isExact ? 1 : 0, 1);
                    Add(values, RightInexact, isRight && !isExact ? 1 : 0, 1);
                    Add(values, WrongExact, !isRight && isExact ? 1 : 0, 1);
                    Add(values, WrongInexact, !isRight && !isExact ? 1 : 0, 1);
                }
            }

            if (Check.StatedIsAnswer is { } stated) Add(values, Stated, stated ? 1 : 0, 1);
            if (Implied is { } implied) Add(values, MeasureTable.Implied, implied, 1);
            if (Check.Alignment.Alignment is { } alignment) Add(values, Alignment, alignment, 1);
            if (Prototype is { } fit) Add(values, PrototypeFit, fit, 1);
        }

        private static void Add(Span<double> values, int ratio, double part, double whole) => (values[2 * ratio], values[2 * ratio + 1]) = (part, whole);
    }
}
