namespace FacialR1.Portal.Features.Checkpoints;

/// <summary>A checkpoint in the graph.</summary>
/// <param name="Lineage">Null for a parent that is named but not installed.</param>
/// <param name="Column">0 for one without a parent, else one right of its parent.</param>
/// <param name="Row">0 at the top.</param>
public sealed record LineageNode(string Name, Lineage? Lineage, int Column, int Row);

/// <summary>Where checkpoints come from: columns from left to right are stages of training, children lie right of their parents, and no two share a place.</summary>
public sealed class LineageGraph
{
    private LineageGraph(IReadOnlyList<LineageNode> nodes, IReadOnlyList<(LineageNode From, LineageNode To)> edges) => (Nodes, Edges) = (nodes, edges);

    /// <summary>From left to right, then from top to bottom.</summary>
    public IReadOnlyList<LineageNode> Nodes { get; }

    /// <summary>From parents to children.</summary>
    public IReadOnlyList<(LineageNode From, LineageNode To)> Edges { get; }

    public int Columns => Nodes.Count == 0 ? 0 : Nodes.Max(node => node.Column) + 1;

    public int Rows => Nodes.Count == 0 ? 0 : Nodes.Max(node => node.Row) + 1;

    public LineageNode? Find(string name) => Nodes.FirstOrDefault(node => node.Name == name);

    /// <summary>Lays the checkpoints out.</summary>
    /// <param name="lineages">Names are unique. Checkpoints that name each other as parents in a ring are cut open at one of them.</param>
    public static LineageGraph Of(IReadOnlyCollection<Lineage> lineages)
    {
        var known = lineages.ToDictionary(lineage => lineage.Name, StringComparer.Ordinal);
        var children = lineages.Where(lineage => lineage.Parent is not null).ToLookup(lineage => lineage.Parent!, StringComparer.Ordinal);
        var absent = lineages.Select(lineage => lineage.Parent).OfType<string>().Where(parent => !known.ContainsKey(parent)).Distinct();
        var placed = new Dictionary<string, LineageNode>(StringComparer.Ordinal);
        var edges = new List<(LineageNode, LineageNode)>();
        var rows = 0;

        foreach (var root in lineages.Where(lineage => lineage.Parent is null).Select(lineage => lineage.Name).Concat(absent).Order(StringComparer.Ordinal)) Place(root, null);
        // What is left has itself among its ancestors.
        foreach (var name in known.Keys.Order(StringComparer.Ordinal)) Place(name, null);
        return new LineageGraph([.. placed.Values.OrderBy(node => node.Column).ThenBy(node => node.Row)], [.. edges]);

        void Place(string name, LineageNode? parent)
        {
            if (placed.ContainsKey(name)) return;
            // The first child goes on in the line of its parent; each further one opens a line below.
            var isFirst = parent is not null && edges.All(edge => edge.Item1.Name != parent.Name);
            var node = new LineageNode(name, known.GetValueOrDefault(name), parent is null ? 0 : parent.Column + 1, isFirst ? parent!.Row : rows++);
            placed[name] = node;
            if (parent is not null) edges.Add((parent, node));
            foreach (var child in children[name].OrderBy(child => child.Round).ThenBy(child => child.Name, StringComparer.Ordinal)) Place(child.Name, node);
        }
    }
}
