using FacialR1.Analysis;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Portal.Evaluations;

/// <summary>What someone wants to have measured: every checkpoint on every benchmark.</summary>
/// <param name="Checkpoints">Names from the catalogue.</param>
/// <param name="Benchmarks">Names from the catalogue.</param>
/// <param name="Limit">Only the first samples; null for all.</param>
/// <param name="Device">One of the devices of the queue.</param>
public sealed record EvaluationRequest(
    IReadOnlyList<string> Checkpoints, IReadOnlyList<string> Benchmarks, EvaluationProtocol Protocol, DecodingOptions Decoding, int? Limit, string Device);
