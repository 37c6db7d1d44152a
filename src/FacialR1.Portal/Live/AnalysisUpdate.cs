using FacialR1.Analysis;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Live;

/// <summary>One message about an analysis that is being written. Immutable.</summary>
public abstract record AnalysisUpdate;

/// <summary>The worker took it from the queue.</summary>
public sealed record AnalysisStarted : AnalysisUpdate;

/// <summary>The model said something.</summary>
public sealed record AnalysisProgressed(AnswerUpdate Answer) : AnalysisUpdate;

/// <summary>It ended and is stored; nothing follows.</summary>
public sealed record AnalysisEnded(AnalysisOutcome Outcome) : AnalysisUpdate;

/// <summary>An update with its place in the feed.</summary>
/// <param name="Sequence">1 for the first.</param>
public sealed record SequencedUpdate(long Sequence, AnalysisUpdate Update);
