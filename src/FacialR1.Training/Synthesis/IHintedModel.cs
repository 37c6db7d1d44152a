using FacialR1.Analysis;
using FacialR1.Training.Data;

namespace FacialR1.Training.Synthesis;

/// <summary>A model that answers about faces, with or without a hint behind its question.</summary>
public interface IHintedModel
{
    /// <summary>Checksum of the weights.</summary>
    string Checkpoint { get; }

    /// <summary>Id of the question.</summary>
    string Prompt { get; }

    /// <summary>For each question its answers, one per decoding, in order. An answer depends on its own question and decoding only.</summary>
    IReadOnlyList<IReadOnlyList<WrittenAnswer>> Write(IReadOnlyList<HintedQuestion> questions, CancellationToken cancellationToken);
}

/// <summary>One face to write about.</summary>
/// <param name="Hint">See <see cref="LabelHint"/>; empty to ask blindly.</param>
/// <param name="Decodings">One answer per entry.</param>
public sealed record HintedQuestion(FaceSample Sample, string Hint, IReadOnlyList<DecodingOptions> Decodings);

/// <summary>What a model wrote.</summary>
/// <param name="IsTruncated">It ended at the token limit, not by itself.</param>
public sealed record WrittenAnswer(string Text, int Tokens, bool IsTruncated);
