using FacialR1.Portal.Features.Export;
using FacialR1.Training.Data;

namespace FacialR1.Portal.Features.Compare;

/// <summary>
/// Comparisons for other programs, asked for by the query of the page: <c>GET /api/comparisons.json</c>, <c>measures</c> and <c>samples</c> as csv, jsonl or
/// parquet, and a report to print.
/// </summary>
public static class ComparisonEndpoints
{
    private const string Address = "/api/comparisons";

    public static string JsonLink(CompareQuery query) => $"{Address}.json?{query}";

    public static string MeasuresLink(CompareQuery query, string format) => $"{Address}/measures.{format}?{query}";

    /// <summary>The samples that the page shows, all pages of them.</summary>
    public static string SamplesLink(CompareQuery query, string format) => $"{Address}/samples.{format}?{query}";

    public static string ReportLink(CompareQuery query) => $"{Address}/report.html?{query}";

    public static void MapComparisons(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, ".json", (view, _) => Task.FromResult<IResult?>(TypedResults.Text(view.Comparison.ToJson(), "application/json")));
        Map(endpoints, "/measures.{format}", (view, request) => Task.FromResult(TableResult.Of(MeasureExport.Of(view.Comparison), Format(request))));
        Map(endpoints, "/samples.{format}", (view, request) => Task.FromResult(TableResult.Of(SampleColumns.Export(view), Format(request))));
        Map(endpoints, "/report.html", async (view, request) => TypedResults.Text(
            await ComparisonReport.OfAsync(view, $"{request.Scheme}://{request.Host}{view.Query.Link()}", request.HttpContext.RequestServices), "text/html; charset=utf-8"));
    }

    private static string Format(HttpRequest request) => request.RouteValues["format"] as string ?? "";

    private static void Map(IEndpointRouteBuilder endpoints, string path, Func<ComparisonView, HttpRequest, Task<IResult?>> answer) => endpoints.MapGet(Address + path,
        async (HttpRequest request, Comparisons comparisons) =>
        {
            var query = CompareQuery.Parse(request.QueryString.Value);
            try
            {
                return await answer(ComparisonView.Of(await comparisons.OfAsync(query.Of, query.Intervals), query), request) ?? TypedResults.NotFound();
            }
            catch (Exception error) when (error is DataFormatException or ArgumentException)
            {
                return TypedResults.Text(error.Message, statusCode: StatusCodes.Status404NotFound);
            }
        });
}
