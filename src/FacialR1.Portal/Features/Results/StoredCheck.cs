using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Features.Results;

/// <summary>The check of a stored analysis, the same for the page, the JSON and the reports.</summary>
public static class StoredCheck
{
    /// <summary>A stored photo has no labels, and there are no estimates yet: every verdict is open.</summary>
    public static ReasoningCheck Of(AnalysisRecord analysis, AlignmentTables tables)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        return Of(ReasoningParser.Parse(analysis.Text), tables);
    }

    /// <summary>The same for a text that is still being written.</summary>
    public static ReasoningCheck Of(ReasoningTrace trace, AlignmentTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return ReasoningCheck.Of(ClaimReader.Read(trace), FaceEvidence.None, tables.Weights, tables.Prototypes);
    }
}
