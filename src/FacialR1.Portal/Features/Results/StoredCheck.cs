using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Features.Results;

/// <summary>The check of a stored analysis, the same for the page, the JSON and the reports.</summary>
public static class StoredCheck
{
    /// <summary>A stored photo has no labels: its text is held against estimates, and without these every verdict is open.</summary>
    public static ReasoningCheck Of(AnalysisRecord analysis, AlignmentTables tables, FaceEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        return Of(ReasoningParser.Parse(analysis.Text), tables, evidence);
    }

    /// <summary>The same for a text that is still being written.</summary>
    public static ReasoningCheck Of(ReasoningTrace trace, AlignmentTables tables, FaceEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return ReasoningCheck.Of(ClaimReader.Read(trace), evidence, tables.Weights, tables.Prototypes);
    }
}
