using FacialR1.Analysis;
using FacialR1.Analysis.Faithfulness;
using FacialR1.VisionLanguage.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Probing;

/// <summary>Reads forced texts with a checkpoint, side by side. Belongs to the thread that owns the checkpoint. B texts, T tokens, V vocabulary.</summary>
public static class ForcedReader
{
    /// <summary>Reads texts in one pass.</summary>
    /// <returns>In the order of the texts; the same for a text alone and in a batch, up to the rounding of matrix products of another size.</returns>
    /// <exception cref="ArgumentException">A text is empty.</exception>
    /// <exception cref="ModelUnavailableException">Picture, question and text together are longer than the model can read.</exception>
    public static IReadOnlyList<ForcedReading> Read(LoadedCheckpoint checkpoint, IReadOnlyList<ForcedText> texts)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(texts);
        var sequences = texts.Select(text => ForcedSequence.Of(checkpoint, text)).ToArray();
        var readings = new ForcedReading[texts.Count];
        // Emotions are scored behind all rows together, for which they have to end with the same token. Nearly always they do.
        foreach (var group in sequences.Index().GroupBy(entry => (entry.Item.EndsWithTag, Last: entry.Item.EndsWithTag ? entry.Item.Forced[^1] : 0)))
        {
            var members = group.ToArray();
            foreach (var (member, reading) in members.Zip(ReadAlike(checkpoint, [.. members.Select(member => member.Item)], group.Key.EndsWithTag))) readings[member.Index] = reading;
        }

        return readings;
    }

    private static ForcedReading[] ReadAlike(LoadedCheckpoint checkpoint, ForcedSequence[] sequences, bool scoresEmotions)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (model, length) = (checkpoint.Model, sequences.Max(sequence => sequence.Read.Count));
        using var cache = scoresEmotions ? new KeyValueCache(model.Options.Text.Layers, length + 64) : null;
        var hidden = PromptReader.Read(model, [.. sequences.Select(sequence => (sequence.Read, sequence.Positions, sequence.Images))], checkpoint.Tokens.Padding, cache);   // [B, T, W]

        var last = new float[sequences.Length][];
        var tokens = new ForcedToken[sequences.Length][];
        for (var row = 0; row < sequences.Length; row++)
        {
            using var rowScope = NewDisposeScope();   // the scores of a large vocabulary are large: one row at a time
            var forced = sequences[row].Forced;
            var scores = model.Logits(hidden[row].narrow(0, length - forced.Count, forced.Count)).to(ScalarType.Float32).log_softmax(-1);   // [forced, V]
            var said = scores.gather(1, tensor(forced.Select(id => (long)id).ToArray(), device: model.Device).unsqueeze(1)).cpu().data<float>().ToArray();
            tokens[row] = [.. forced.Select((_, index) => new ForcedToken(sequences[row].Spans[index], said[index]))];
            if (scoresEmotions) last[row] = scores[forced.Count - 1].cpu().data<float>().ToArray();
        }

        if (cache is null) return [.. tokens.Select(row => new ForcedReading(row, new Dictionary<Analysis.Facs.Emotion, double>()))];
        var scored = new EmotionScorer(checkpoint.Tokenizer).Score(
            model, cache, [.. sequences.Select(sequence => length - sequence.Read.Count)], last, [.. sequences.Select(sequence => sequence.Read.Count + sequence.Positions.Delta)],
            checkpoint.Tokenizer.TokenBytes(sequences[0].Forced[^1]));
        return [.. tokens.Zip(scored, (row, emotions) => new ForcedReading(row, emotions))];
    }
}

/// <summary>A forced text as the model reads it: question and face, then the text.</summary>
/// <param name="Read">All ids but the last, which nothing follows.</param>
/// <param name="Forced">The ids of the text.</param>
/// <param name="Spans">The characters of each of them.</param>
/// <param name="EndsWithTag">The last one completes an opened answer tag.</param>
internal sealed record ForcedSequence(
    IReadOnlyList<int> Read, Qwen25Vl.MultimodalPositions Positions, IReadOnlyList<Images.ImagePatches> Images, IReadOnlyList<int> Forced, IReadOnlyList<Analysis.Reasoning.TextSpan> Spans, bool EndsWithTag)
{
    public static ForcedSequence Of(LoadedCheckpoint checkpoint, ForcedText text) => Of(checkpoint, text, checkpoint.See(text.Face));

    public static ForcedSequence Of(LoadedCheckpoint checkpoint, ForcedText text, Images.ImagePatches face)
    {
        if (text.Text.Length == 0) throw new ArgumentException("An empty text cannot be forced.", nameof(text));
        var request = checkpoint.Ask(face, text.Text, [DecodingOptions.Greedy]);
        IReadOnlyList<int> read = [.. request.PromptIds, .. request.Beginning.SkipLast(1)];
        return new ForcedSequence(read, PromptReader.PositionsOf(checkpoint.Model, read, request.Images), request.Images, request.Beginning,
            ForcedTokens.SpansOf(text.Text, request.Beginning, checkpoint.Tokenizer), text.Text.EndsWith(AnswerCue.Tag, StringComparison.Ordinal));
    }
}
