using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Scoring;

/// <summary>By which rules stored answers are read and counted. The answers are the same; numbers of different protocols must never stand in one column.</summary>
public enum EvaluationProtocol
{
    /// <summary>Ours (measures.md): the one parser; every annotated unit counts, a unit that is claimed and never true counts as 0.</summary>
    Portal,

    /// <summary>The one parser with the counting of the published tables: only units that are true somewhere in the test labels count, so claiming another costs nothing.</summary>
    Paper,

    /// <summary>Reading and counting of the published evaluation, its blind spots included: "AU 12" and "Happiness" are not read. See <see cref="ReferenceReading"/>.</summary>
    StrictReference,
}

/// <summary>What each protocol does.</summary>
public static class EvaluationProtocols
{
    /// <summary>All, ours first.</summary>
    public static IReadOnlyList<EvaluationProtocol> All { get; } = Enum.GetValues<EvaluationProtocol>();

    /// <summary>As addresses and the command line write it: portal, paper, strict.</summary>
    public static string Id(this EvaluationProtocol protocol) => protocol switch { EvaluationProtocol.Portal => "portal", EvaluationProtocol.Paper => "paper", _ => "strict" };

    /// <summary>As people read it.</summary>
    public static string Label(this EvaluationProtocol protocol) => protocol switch { EvaluationProtocol.Portal => "portal", EvaluationProtocol.Paper => "paper", _ => "strict reference" };

    /// <summary>One sentence on how it counts.</summary>
    public static string Description(this EvaluationProtocol protocol) => protocol switch
    {
        EvaluationProtocol.Portal => "Every annotated unit counts; a unit that is claimed and never true counts as 0. Synonyms of emotions are understood.",
        EvaluationProtocol.Paper => "Counted as in the published tables: only units that are true somewhere in the labels count, so claiming another costs nothing.",
        _ => "Read and counted as the published evaluation does, blind spots included: \"AU 12\" and \"Happiness\" are not read.",
    };

    /// <summary>The protocol of this id; null when there is none.</summary>
    public static EvaluationProtocol? Find(string? id) => All.Where(protocol => protocol.Id() == id).Select(protocol => (EvaluationProtocol?)protocol).FirstOrDefault();

    /// <summary>Reads one answer.</summary>
    /// <param name="protocol">How.</param>
    /// <param name="text">The whole response.</param>
    /// <param name="labels">What is true.</param>
    public static EvaluationRow Read(this EvaluationProtocol protocol, string text, ResponseLabels labels)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (protocol != EvaluationProtocol.StrictReference) return EvaluationRow.Of(ReasoningParser.Parse(text), labels);
        var reading = ReasoningParser.StrictReference(text);
        return new EvaluationRow(reading.FormatOk, Emotions.All.Where(emotion => emotion.Name() == reading.Emotion).Select(emotion => (Emotion?)emotion).FirstOrDefault(), reading.ActionUnits, labels);
    }

    /// <summary>The units that count.</summary>
    /// <param name="protocol">How.</param>
    /// <param name="labels">Of all samples of the evaluation.</param>
    /// <param name="annotated">The units annotated in this data.</param>
    public static IReadOnlyList<int> Vocabulary(this EvaluationProtocol protocol, IEnumerable<ResponseLabels> labels, IReadOnlyList<int> annotated)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(annotated);
        if (protocol == EvaluationProtocol.Portal) return annotated;
        var occurring = labels.SelectMany(label => label.ActionUnits ?? []).ToHashSet();
        return [.. annotated.Where(occurring.Contains)];
    }
}
