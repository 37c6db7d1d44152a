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
    internal IReadOnlyDictionary<Emotion, double> Score(Qwen25VlModel model, KeyValueCache read, float[] logProbabilities, long position, ReadOnlySpan<byte> tail)
    {
        var tree = new SpellingTree(SpellingsAfter(Encoding.UTF8.GetString(tail)));
        var scores = tree.Nodes.Count == 0 ? null : ReadTree(model, read, tree, position);   // [nodes, vocabulary]

        var perSpelling = tree.Spellings
            .Select(spelling => (spelling.Emotion, LogProbability: logProbabilities[spelling.First] + spelling.Path.Sum(step => (double)scores![step.Node][step.Token])))
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

    private static float[][] ReadTree(Qwen25VlModel model, KeyValueCache read, SpellingTree tree, long position)
    {
        using var scope = NewDisposeScope();
        var (nodes, before) = (tree.Nodes.Count, read.Length);
        var visible = new bool[nodes * (before + nodes)];
        for (var node = 0; node < nodes; node++)
        {
            var row = visible.AsSpan((int)(node * (before + nodes)), (int)(before + nodes));
            row[..(int)before].Fill(true);
            for (var ancestor = node; ancestor >= 0; ancestor = tree.Nodes[ancestor].Parent) row[(int)before + ancestor] = true;
        }

        var ids = tensor(tree.Nodes.Select(node => (long)node.Token).ToArray(), device: model.Device).unsqueeze(0);                       // [1, T]
        var positions = tensor(tree.Nodes.Select(node => position + node.Depth).ToArray(), device: model.Device).view(1, 1, nodes).expand(3, 1, nodes);
        var mask = tensor(visible, device: model.Device).view(1, 1, nodes, before + nodes);
        var hidden = model.Read(ids, positions, cache: read, visible: mask);                                                              // [1, T, W]
        var scores = model.Logits(hidden[0]).to(ScalarType.Float32).log_softmax(-1).cpu();                                               // [T, vocabulary]
        return [.. Enumerable.Range(0, nodes).Select(node => scores[node].data<float>().ToArray())];
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
