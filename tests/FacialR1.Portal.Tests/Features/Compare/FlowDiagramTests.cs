using FacialR1.Analysis.Comparison;
using FacialR1.Portal.Features.Compare;

namespace FacialR1.Portal.Tests.Features.Compare;

public sealed class FlowDiagramTests
{
    [Fact]
    public void Ribbons_leave_and_reach_each_outcome_in_full()
    {
        int[][] first = [[10, 2, 0, 3], [5, 4, 1, 0], [0, 0, 2, 1], [20, 6, 0, 46]], second = [[30, 1, 1, 3], [2, 8, 0, 2], [1, 0, 1, 1], [9, 3, 0, 38]];
        var diagram = FlowDiagram.Of([new OutcomeFlow("a", "b", 100, first), new OutcomeFlow("b", "c", 100, second)])!;
        Assert.Equal(["a", "b", "c"], diagram.Stages);
        foreach (var node in diagram.Nodes)
        {
            if (node.Stage < 2) Assert.Equal(node.Count, diagram.Ribbons.Where(ribbon => ribbon.Stage == node.Stage && ribbon.From == node.Outcome).Sum(ribbon => ribbon.Count));
            if (node.Stage > 0) Assert.Equal(node.Count, diagram.Ribbons.Where(ribbon => ribbon.Stage == node.Stage - 1 && ribbon.To == node.Outcome).Sum(ribbon => ribbon.Count));
            Assert.InRange(node.Y + node.Height, 0, diagram.Height);
        }
        Assert.All(diagram.Nodes.GroupBy(node => node.Stage), stage => Assert.Equal(100, stage.Sum(node => node.Count)));
    }

    [Fact]
    public void Without_outcomes_there_is_nothing_to_draw() => Assert.Null(FlowDiagram.Of([new OutcomeFlow("a", "b", 0, [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])]));
}
