using System.Globalization;
using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace FacialR1.Portal.Features.Checkpoints;

/// <summary>The lineage of checkpoints as a drawing and as a table.</summary>
public sealed partial class LineageView : ComponentBase
{
    private const int NodeWidth = 232, NodeHeight = 86, GapX = 48, GapY = 18, Margin = 8;
    private LineageGraph? graph;

    [Inject] public required RunCatalog Runs { get; init; }

    /// <summary>Nothing is shown for none.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<Lineage> Lineages { get; set; }
    [Inject] public required NavigationManager Navigation { get; init; }

    private int Width => graph!.Columns * (NodeWidth + GapX) - GapX + 2 * Margin;
    private int Height => graph!.Rows * (NodeHeight + GapY) - GapY + 2 * Margin;

    protected override void OnParametersSet() => graph = Lineages.Count == 0 ? null : LineageGraph.Of(Lineages);

    private static int X(LineageNode node) => Margin + node.Column * (NodeWidth + GapX);

    private static int Y(LineageNode node) => Margin + node.Row * (NodeHeight + GapY);

    private static string Edge(LineageNode from, LineageNode to)
    {
        var (left, top, right, bottom) = (X(from) + NodeWidth, Y(from) + NodeHeight / 2, X(to), Y(to) + NodeHeight / 2);
        return FormattableString.Invariant($"M{left} {top}C{left + GapX / 2} {top} {right - GapX / 2} {bottom} {right} {bottom}");
    }

    // A bare "#name" would lead to the front page: the document has a base address.
    private string Link(LineageNode node) => $"{new Uri(Navigation.Uri).PathAndQuery}#checkpoint-{Uri.EscapeDataString(node.Name)}";

    // Written by hand: in a Razor file <text> is no SVG element.
    private static RenderFragment Line(int x, int y, string? look, string words) => (RenderTreeBuilder builder) =>
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", x);
        builder.AddAttribute(2, "y", y);
        builder.AddAttribute(3, "class", look);
        builder.AddContent(4, words);
        builder.CloseElement();
    };

    private RenderFragment Change(Lineage lineage, LineageScores scores, Func<LineageScores, LineageValue?> measure) => builder =>
    {
        var parent = lineage.Parent is null ? null : graph!.Find(lineage.Parent)?.Lineage?.Scores?.FirstOrDefault(each => each.Split == scores.Split && each.N == scores.N);
        if (parent is null || measure(parent)?.Value is not { } before || measure(scores)?.Value is not { } now) return;
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", "quiet");
        builder.AddContent(2, $"({(now - before).ToString("+0.000;−0.000;±0", CultureInfo.InvariantCulture)})");
        builder.CloseElement();
    };

    private static string Value(LineageValue? value) => value?.Value is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Interval(LineageValue? value) => value is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $"[{low:0.000}, {high:0.000}]") : "";

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Short(string name) => name.Length <= 26 ? name : name[..25] + "…";
}
