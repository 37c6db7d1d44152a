using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>How likely a model thinks each emotion at the answer position, whatever it then writes.</summary>
/// <remarks>
/// The probability of an emotion is the sum over its spellings ("anger", "Anger", each also after a space), each the product of its tokens'
/// probabilities, normalised over the list. All spellings are read in one pass: as a tree of tokens, in which each sees the text before and its own ancestors.
/// </remarks>
public sealed class EmotionScorer(Tokenizer tokenizer)
{
    /// <param name="read">One row that has read everything before the token that completed the tag; it is extended here and then of no further use.</param>
    /// <param name="logProbabilities">The distribution after that row, [vocabulary].</param>
    /// <param name="position">Where the next token stands.</param>
    /// <param name="tail">The bytes of the completing token up to the end of the tag; a vocabulary may cut across it (">anger").</param>
    internal IReadOnlyDictionary<Emotion, double> Score(Qwen25VlModel model, KeyValueCache read, float[] logProbabilities, long position, ReadOnlySpan<byte> tail) =>
        Score(model, read, [0], [logProbabilities], [position], tail)[0];

    /// <summary>The same for several rows that end with the same token.</summary>
    /// <param name="read">B rows; it is extended here and then of no further use.</param>
    /// <param name="padding">For each row, how many places at its front are padded.</param>
    internal IReadOnlyList<IReadOnlyDictionary<Emotion, double>> Score(
        Qwen25VlModel model, KeyValueCache read, IReadOnlyList<int> padding, IReadOnlyList<float[]> logProbabilities, IReadOnlyList<long> positions, ReadOnlySpan<byte> tail)
    {
        var tree = new SpellingTree(SpellingsAfter(Encoding.UTF8.GetString(tail)));
        var steps = tree.Spellings.SelectMany(spelling => spelling.Path).Distinct().ToArray();
        var scores = steps.Length == 0 ? null : ReadTree(model, read, padding, tree, steps, positions);   // per row: step → log-probability
        return [.. logProbabilities.Select((first, row) => Normalised(tree, first, scores?[row]))];
    }

    private static Dictionary<Emotion, double> Normalised(SpellingTree tree, float[] first, Dictionary<(int Node, int Token), double>? scores)
    {
        var perSpelling = tree.Spellings
            .Select(spelling => (spelling.Emotion, LogProbability: first[spelling.First] + spelling.Path.Sum(step => scores![step])))
            .ToList();
        var highest = perSpelling.Max(spelling => spelling.LogProbability);   // taken out first, so that nothing underflows
        var totals = perSpelling.GroupBy(spelling => spelling.Emotion)
            .ToDictionary(group => group.Key, group => group.Sum(spelling => Math.Exp(spelling.LogProbability - highest)));
        var sum = totals.Values.Sum();
        return totals.ToDictionary(total => total.Key, total => total.Value / sum);
    }

    private IEnumerable<(Emotion Emotion, int[] Ids)> SpellingsAfter(string tail)
    {
        foreach (var emotion in Emotions.All)
        {
            var name = emotion.Name();
            var capitalised = char.ToUpperInvariant(name[0]) + name[1..];
            foreach (var spelling in (string[])[name, capitalised, " " + name, " " + capitalised])
                yield return (emotion, tokenizer.Encode(tail + spelling, allowSpecial: false));
        }
    }

    private static Dictionary<(int Node, int Token), double>[] ReadTree(
        Qwen25VlModel model, KeyValueCache read, IReadOnlyList<int> padding, SpellingTree tree, (int Node, int Token)[] steps, IReadOnlyList<long> positions)
    {
        using var scope = NewDisposeScope();
        var (rows, nodes, before) = (positions.Count, tree.Nodes.Count, (int)read.Length);
        var visible = new bool[rows * nodes * (before + nodes)];
        var places = new long[rows * nodes];
        for (var row = 0; row < rows; row++)
            for (var node = 0; node < nodes; node++)
            {
                var seen = visible.AsSpan((row * nodes + node) * (before + nodes), before + nodes);
                seen[padding[row]..before].Fill(true);
                for (var ancestor = node; ancestor >= 0; ancestor = tree.Nodes[ancestor].Parent) seen[before + ancestor] = true;
                places[row * nodes + node] = positions[row] + tree.Nodes[node].Depth;
            }

        var ids = tensor(tree.Nodes.Select(node => (long)node.Token).ToArray(), device: model.Device).unsqueeze(0).expand(rows, nodes).contiguous();   // [B, T]
        var mask = tensor(visible, device: model.Device).view(rows, 1, nodes, before + nodes);
        var hidden = model.Read(ids, tensor(places, device: model.Device).view(1, rows, nodes).expand(3, rows, nodes), cache: read, visible: mask);     // [B, T, W]
        var (nodeOf, tokenOf) = (tensor(steps.Select(step => (long)step.Node).ToArray(), device: model.Device), tensor(steps.Select(step => (long)step.Token).ToArray(), device: model.Device));
        var scored = new Dictionary<(int, int), double>[rows];
        for (var row = 0; row < rows; row++)
        {
            using var rowScope = NewDisposeScope();   // the scores of a large vocabulary are large: one row at a time
            var scores = model.Logits(hidden[row]).to(ScalarType.Float32).log_softmax(-1).index_select(0, nodeOf);   // [steps, vocabulary]
            var values = scores.gather(1, tokenOf.unsqueeze(1)).cpu().data<float>().ToArray();
            scored[row] = steps.Index().ToDictionary(step => step.Item, step => (double)values[step.Index]);
        }

        return scored;
    }

    /// <summary>The spellings with their common beginnings shared: the nodes are the tokens that have to be read, parents first.</summary>
    private sealed class SpellingTree
    {
        public SpellingTree(IEnumerable<(Emotion Emotion, int[] Ids)> spellings)
        {
            var known = new Dictionary<(int Parent, int Token), int>();
            foreach (var (emotion, ids) in spellings)
            {
                var (parent, path) = (-1, new List<(int Node, int Token)>());
                for (var depth = 0; depth + 1 < ids.Length; depth++)
                {
                    if (!known.TryGetValue((parent, ids[depth]), out var node))
                    {
                        known[(parent, ids[depth])] = node = Nodes.Count;
                        Nodes.Add((ids[depth], parent, depth));
                    }
                    path.Add((node, ids[depth + 1]));
                    parent = node;
                }
                Spellings.Add((emotion, ids[0], path));
            }
        }

        public List<(int Token, int Parent, int Depth)> Nodes { get; } = [];

        public List<(Emotion Emotion, int First, List<(int Node, int Token)> Path)> Spellings { get; } = [];
    }
}
