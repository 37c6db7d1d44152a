using System.Text.Json.Nodes;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Training.Synthesis;

/// <summary>What the model answers about an accepted sample when it is not shown the labels: a line of <c>blind.jsonl</c>.</summary>
/// <param name="SameEmotion">Equal to the answer of the accepted text.</param>
/// <param name="SameActionUnits">Exactly the units of the accepted text.</param>
/// <param name="ActionUnitF1">Against the units of the accepted text, in [0, 1].</param>
/// <param name="Attempt">The attempt that was accepted, counted from 1.</param>
public sealed record BlindAnswer(string Sample, string Text, bool SameEmotion, bool SameActionUnits, double ActionUnitF1, int Attempt)
{
    public const string FileName = "blind.jsonl";

    /// <summary>All blind answers of a run folder; none where there is no file.</summary>
    public static IReadOnlyList<BlindAnswer> ReadAll(string folder) => JsonLines.Read(Path.Combine(folder, FileName), line => new BlindAnswer(
        (string)line["sample"]!, (string)line["text"]!, (bool)line["sameEmotion"]!, (bool)line["sameActionUnits"]!, (double)line["actionUnitF1"]!, (int)line["attempt"]!));

    internal static BlindAnswer Of(SynthesisAttempt accepted, string text)
    {
        var (shown, blind) = (ReasoningParser.Parse(accepted.Text), ReasoningParser.Parse(text));
        var score = ResponseScorer.Score(blind, new ResponseLabels(shown.Emotion, shown.ActionUnits));
        return new BlindAnswer(accepted.Sample, text, score.EmotionCorrect == true, score is { Hallucinated.Count: 0, Missed.Count: 0 }, score.ActionUnitF1!.Value, accepted.Attempt);
    }

    internal JsonObject ToJson() => new()
    {
        ["sample"] = Sample, ["text"] = Text, ["sameEmotion"] = SameEmotion, ["sameActionUnits"] = SameActionUnits, ["actionUnitF1"] = Math.Round(ActionUnitF1, 6), ["attempt"] = Attempt,
    };
}

/// <summary>How far accepted answers can be reproduced from the photo alone: what is above is owed to the labels that were shown.</summary>
/// <param name="N">Accepted samples asked again.</param>
/// <param name="SameEmotion">Share and 95% Wilson interval.</param>
/// <param name="SameActionUnits">Share with exactly the same units, and 95% Wilson interval.</param>
/// <param name="ActionUnitF1">Mean over samples, with the 95% interval of the mean (normal).</param>
public sealed record BlindMeasures(int N, Estimate SameEmotion, Estimate SameActionUnits, Estimate ActionUnitF1)
{
    /// <summary>Null without answers.</summary>
    public static BlindMeasures? Of(IReadOnlyList<BlindAnswer> answers)
    {
        if (answers.Count == 0) return null;
        var mean = answers.Average(answer => answer.ActionUnitF1);
        var variance = answers.Count < 2 ? 0 : answers.Sum(answer => (answer.ActionUnitF1 - mean) * (answer.ActionUnitF1 - mean)) / (answers.Count - 1);
        var half = Wilson.Z95 * Math.Sqrt(variance / answers.Count);
        return new BlindMeasures(answers.Count, Rate(answers.Count(answer => answer.SameEmotion)), Rate(answers.Count(answer => answer.SameActionUnits)),
            answers.Count < 2 ? new Estimate(mean, null, null) : new Estimate(mean, Math.Max(0, mean - half), Math.Min(1, mean + half)));

        Estimate Rate(int successes)
        {
            var interval = Wilson.Interval(successes, answers.Count)!.Value;
            return new Estimate((double)successes / answers.Count, interval.Low, interval.High);
        }
    }

    internal Dictionary<string, double> ToValues() => new()
    {
        ["blind_n"] = N, ["blind_same_emotion"] = SameEmotion.Value, ["blind_same_action_units"] = SameActionUnits.Value, ["blind_au_f1"] = ActionUnitF1.Value,
    };
}
