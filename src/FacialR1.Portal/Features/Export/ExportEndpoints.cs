using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FacialR1.Analysis.Alignment;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Features.Export;

/// <summary>One analysis to keep: <c>GET /api/analyses/{id}/export.json</c>, <c>.html</c> and <c>.png</c>. Each is sent as a file to save.</summary>
public static class ExportEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <param name="id">The analysis.</param>
    /// <param name="kind">"json", "html" or "png".</param>
    public static string Link(Guid id, string kind) => $"/api/analyses/{id}/export.{kind}";

    public static void MapExports(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/analyses/{id:guid}/export.json", async (Guid id, AnalysisStore store, AlignmentTables tables, Inference.FaceEstimates estimates, CancellationToken cancellationToken) =>
            await store.FindAsync(id, cancellationToken) is not { } analysis ? (Microsoft.AspNetCore.Http.IResult)TypedResults.NotFound()
                : TypedResults.File(JsonSerializer.SerializeToUtf8Bytes(AnalysisDocument.From(analysis, tables, await estimates.OfAsync(analysis, cancellationToken)), Json), MediaTypeNames.Application.Json, $"analysis-{id.ToString("N")[..12]}.json"));
        Map(endpoints, "html", "text/html; charset=utf-8", export => Encoding.UTF8.GetBytes(HtmlReport.Of(export)));
        Map(endpoints, "png", MediaTypeNames.Image.Png, PictureReport.Of);
    }

    private static void Map(IEndpointRouteBuilder endpoints, string kind, string type, Func<AnalysisExport, byte[]> write) => endpoints.MapGet("/api/analyses/{id:guid}/export." + kind,
        async (Guid id, HttpRequest request, AnalysisStore store, ImageStore images, AlignmentTables tables, Inference.FaceEstimates estimates, CancellationToken cancellationToken) =>
        {
            if (await store.FindAsync(id, cancellationToken) is not { } analysis) return (Microsoft.AspNetCore.Http.IResult)TypedResults.NotFound();
            try
            {
                var address = $"{request.Scheme}://{request.Host}{AnalysisPage.Link(id)}";
                var export = await AnalysisExport.ReadAsync(analysis, images, tables, Inference.FaceEstimates.EvidenceOf(await estimates.OfAsync(analysis, cancellationToken)), address, cancellationToken);
                return TypedResults.File(await Task.Run(() => write(export), cancellationToken), type, $"{export.FileName}.{kind}");
            }
            catch (FileNotFoundException error)
            {
                return TypedResults.Problem(error.Message, statusCode: StatusCodes.Status410Gone);
            }
        });
}
