namespace FacialR1.Portal.Storage;

/// <summary>Which part of the history to show.</summary>
/// <param name="Search">Words to find in file name, emotion, action units, checkpoint or text; each must occur.</param>
/// <param name="Page">From 1.</param>
public sealed record HistoryQuery(string? Search, int Page, int PageSize);

/// <summary>One page, newest first.</summary>
/// <param name="Total">Hits on all pages.</param>
/// <param name="Page">The page shown: the last one when the page asked for does not exist.</param>
public sealed record HistoryPageOfAnalyses(IReadOnlyList<AnalysisRecord> Analyses, int Total, int Page, int PageSize)
{
    public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);
}
