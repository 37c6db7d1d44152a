using System.Globalization;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Portal.Features.Compare;

/// <summary>All samples of one stage with one outcome.</summary>
/// <param name="Stage">Position of the model.</param>
public sealed record FlowNode(int Stage, AnswerOutcome Outcome, int Count, double X, double Y, double Height);

/// <summary>Samples that went from one outcome to another between two stages.</summary>
/// <param name="Stage">Position of the earlier model.</param>
/// <param name="Path">The ribbon, an SVG path.</param>
public sealed record FlowRibbon(int Stage, AnswerOutcome From, AnswerOutcome To, int Count, string Path);

/// <summary>Where outcomes went from stage to stage, as ribbons whose width is their number of samples. Pure geometry.</summary>
public sealed record FlowDiagram(int N, double Width, double Height, IReadOnlyList<string> Stages, IReadOnlyList<FlowNode> Nodes, IReadOnlyList<FlowRibbon> Ribbons)
{
    public const double NodeWidth = 14;
    private const double StageWidth = 270, Side = 8, LabelRoom = 96, Top = 30, Plot = 260, Gap = 14;

    /// <summary>Null without samples that have both kinds of labels, or where the stages do not have the same ones.</summary>
    public static FlowDiagram? Of(IReadOnlyList<OutcomeFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        if (flows.Count == 0 || flows[0].N == 0 || flows.Any(flow => flow.N != flows[0].N)) return null;
        var n = flows[0].N;
        var outcomes = AnswerOutcomes.All;
        var scale = (Plot - Gap * (outcomes.Count - 1)) / n;

        var nodes = new List<FlowNode>();
        for (var stage = 0; stage <= flows.Count; stage++)
        {
            var y = Top;
            foreach (var outcome in outcomes)
            {
                var count = stage < flows.Count ? flows[stage].Counts[(int)outcome].Sum() : flows[^1].Counts.Sum(row => row[(int)outcome]);
                nodes.Add(new FlowNode(stage, outcome, count, Side + stage * StageWidth, y, count * scale));
                y += count * scale + Gap;
            }
        }

        FlowNode Node(int stage, AnswerOutcome outcome) => nodes[stage * outcomes.Count + (int)outcome];
        var ribbons = new List<FlowRibbon>();
        for (var stage = 0; stage < flows.Count; stage++)
        {
            var arrived = outcomes.ToDictionary(outcome => outcome, outcome => Node(stage + 1, outcome).Y);
            foreach (var from in outcomes)
            {
                var y = Node(stage, from).Y;
                foreach (var to in outcomes)
                {
                    var count = flows[stage].Counts[(int)from][(int)to];
                    if (count == 0) continue;
                    ribbons.Add(new FlowRibbon(stage, from, to, count, Ribbon(Node(stage, from).X + NodeWidth, y, Node(stage + 1, to).X, arrived[to], count * scale)));
                    y += count * scale;
                    arrived[to] += count * scale;
                }
            }
        }
        return new FlowDiagram(n, 2 * Side + flows.Count * StageWidth + NodeWidth + LabelRoom, Top + Plot + 6, [flows[0].Earlier, .. flows.Select(flow => flow.Later)], nodes, ribbons);
    }

    private static string Ribbon(double x0, double y0, double x1, double y1, double height)
    {
        var middle = (x0 + x1) / 2;
        return string.Create(CultureInfo.InvariantCulture,
            $"M{x0:0.#} {y0:0.##}C{middle:0.#} {y0:0.##} {middle:0.#} {y1:0.##} {x1:0.#} {y1:0.##}V{y1 + height:0.##}C{middle:0.#} {y1 + height:0.##} {middle:0.#} {y0 + height:0.##} {x0:0.#} {y0 + height:0.##}Z");
    }
}
