using System.Runtime.InteropServices;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Qwen25Vl;
using FacialR1.VisionLanguage.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Generation;

/// <summary>Answers that are written side by side, one token each per step. Prompts may join at any time; finished answers leave.</summary>
/// <remarks>
/// Rows of different length are padded in front and the padding is masked, so a row's answer does not depend on its neighbours (up to the rounding of
/// matrix products of another size). Belongs to one thread: dispose scopes and the gradient mode are bound to it. B rows, T tokens, V vocabulary.
/// </remarks>
/// <param name="model">In evaluation mode; weights must not change while answers are being written.</param>
/// <param name="tokens">Ids with a meaning for the loop.</param>
/// <param name="tokenizer">To notice the answer tag; null if emotion probabilities are not wanted.</param>
public sealed class AnswerBatch(Qwen25VlModel model, GenerationTokens tokens, Tokenizer? tokenizer = null) : IDisposable
{
    private readonly List<GeneratedAnswer> rows = [];
    private readonly EmotionScorer? emotions = tokenizer is null ? null : new EmotionScorer(tokenizer);
    private KeyValueCache? cache;
    private float[] scratch = [];

    /// <summary>Answers that are still being written.</summary>
    public int Writing => rows.Count(row => !row.IsOver);

    /// <summary>Rows the next step would compute: those being written and finished ones that have not left yet.</summary>
    public int Rows => rows.Count;

    /// <summary>Reads prompts and writes the first token of each answer.</summary>
    /// <returns>The answers in the order of the requests and of their decodings.</returns>
    /// <exception cref="ArgumentException">Placeholders and images do not match; nothing has joined then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A decoding option is outside its range; nothing has joined then.</exception>
    public IReadOnlyList<GeneratedAnswer> Add(IReadOnlyList<GenerationRequest> requests)
    {
        if (requests.Count == 0) return [];
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        DropFinished(atOnce: true);

        var prompts = requests.Select(request => request.Beginning.Count == 0 ? request.PromptIds : [.. request.PromptIds, .. request.Beginning]).ToList();
        var length = prompts.Max(prompt => prompt.Count);
        var positions = requests.Select((request, index) => PromptReader.PositionsOf(model, prompts[index], request.Images)).ToList();
        List<GeneratedAnswer> joining = [];
        List<long> promptOf = [];
        for (var prompt = 0; prompt < requests.Count; prompt++)
        {
            foreach (var decoding in requests[prompt].Answers)
            {
                joining.Add(new GeneratedAnswer(requests[prompt], decoding, tokens, length - prompts[prompt].Count, prompts[prompt].Count + positions[prompt].Delta,
                    emotions is null ? null : WatcherBehind(requests[prompt].Beginning)));
                promptOf.Add(prompt);
            }
        }

        var room = length + Math.Min(requests.SelectMany(request => request.Answers).Max(answer => answer.MaxTokens), 256);
        var read = new KeyValueCache(model.Options.Text.Layers, room);
        try
        {
            var hidden = PromptReader.Read(model, [.. requests.Select((request, index) => (prompts[index], positions[index], request.Images))], tokens.Padding, read);
            var last = hidden.select(1, length - 1);                             // [prompts, W]
            if (joining.Count != requests.Count)
            {
                var order = tensor(promptOf, device: model.Device);
                read.KeepRows(order);
                last = last.index_select(0, order);                              // [B, W]
            }
            Choose(joining, read, last);
            Join(joining, read);
        }
        catch
        {
            read.Dispose();
            throw;
        }
        return joining;
    }

    /// <summary>Writes one more token of every answer that is not finished.</summary>
    public void Step()
    {
        DropFinished(atOnce: false);
        if (rows.Count == 0) return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();

        var ids = tensor(rows.Select(row => (long)row.Ids[^1]).ToArray(), device: model.Device).unsqueeze(1);                             // [B, 1]
        var positions = tensor(rows.Select(row => row.NextPosition).ToArray(), device: model.Device).view(1, -1, 1).expand(3, -1, -1);   // [3, B, 1]
        var hidden = model.Read(ids, positions, cache: cache, attended: Attended(rows, cache!.Length + 1));                              // [B, 1, W]
        foreach (var row in rows) row.NextPosition++;
        Choose(rows, cache, hidden.squeeze(1));
    }

    /// <summary>Writes all answers to their end, at most <paramref name="batchSize"/> at a time: as some finish, the next prompts join.</summary>
    /// <returns>For each request its answers.</returns>
    public static IReadOnlyList<IReadOnlyList<GeneratedAnswer>> WriteAll(
        Qwen25VlModel model, GenerationTokens tokens, Tokenizer? tokenizer, IReadOnlyList<GenerationRequest> requests, int batchSize, CancellationToken cancellationToken)
    {
        using var batch = new AnswerBatch(model, tokens, tokenizer);
        var answers = new List<IReadOnlyList<GeneratedAnswer>>();
        while (answers.Count < requests.Count || batch.Writing > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Prompts join in groups, because reading four together costs little more than reading one.
            var room = batchSize - batch.Writing;
            if (answers.Count < requests.Count && (batch.Writing == 0 || room * 4 >= batchSize))
            {
                List<GenerationRequest> next = [];
                while (answers.Count + next.Count < requests.Count && (next.Count == 0 || next.Sum(request => request.Answers.Count) < room))
                    next.Add(requests[answers.Count + next.Count]);
                var written = batch.Add(next);
                var taken = 0;
                foreach (var request in next)
                {
                    answers.Add([.. written.Skip(taken).Take(request.Answers.Count)]);
                    taken += request.Answers.Count;
                }
            }
            batch.Step();
        }
        return answers;
    }

    public void Dispose()
    {
        cache?.Dispose();
        cache = null;
        rows.Clear();
    }

    private void Choose(List<GeneratedAnswer> answers, KeyValueCache read, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var scores = model.Logits(hidden).to(ScalarType.Float32);          // [B, V]
        var logSums = scores.logsumexp(1).cpu().data<float>().ToArray();   // [B]
        var all = MemoryMarshal.Cast<byte, float>(scores.cpu().contiguous().bytes);
        var vocabulary = all.Length / answers.Count;
        if (scratch.Length < vocabulary) scratch = new float[vocabulary];
        for (var index = 0; index < answers.Count; index++)
        {
            var answer = answers[index];
            if (answer.IsOver) continue;
            var logits = all.Slice(index * vocabulary, vocabulary);
            answer.Choose(logits, logSums[index], scratch);
            ScoreEmotions(answer, index, read, logits, logSums[index]);
        }
    }

    private void ScoreEmotions(GeneratedAnswer answer, int row, KeyValueCache read, ReadOnlySpan<float> logits, float logSum)
    {
        if (emotions is null || answer.Tag is null) return;
        var token = tokenizer!.TokenBytes(answer.Ids[^1]);
        if (!answer.Tag.Push(token, out var used)) return;

        for (var id = 0; id < logits.Length; id++) scratch[id] = logits[id] - logSum;
        using var alone = read.CopyRow(row, answer.Padding, room: 64);
        answer.EmotionProbabilities = emotions.Score(model, alone, scratch, answer.NextPosition, token[..used]);
    }

    private void Join(List<GeneratedAnswer> joining, KeyValueCache read)
    {
        if (cache is null)
        {
            cache = read;
        }
        else
        {
            var length = Math.Max(cache.Length, read.Length);
            foreach (var row in rows) row.Padding += length - cache.Length;
            foreach (var row in joining) row.Padding += length - read.Length;
            cache.Join(read);
            read.Dispose();
        }
        rows.AddRange(joining);
    }

    /// <summary>Finished rows leave. In a large batch a few wait for each other, because every leave-taking copies the cache of those that stay.</summary>
    private void DropFinished(bool atOnce)
    {
        var over = rows.Count(row => row.IsOver);
        if (over == 0 || (!atOnce && over * 8 < rows.Count)) return;
        if (over == rows.Count)
        {
            Dispose();
            return;
        }

        using var scope = NewDisposeScope();
        var staying = rows.Index().Where(row => !row.Item.IsOver).ToList();
        var padding = staying.Min(row => row.Item.Padding);
        cache!.KeepRows(tensor(staying.Select(row => (long)row.Index).ToArray(), device: model.Device), padding);
        rows.Clear();
        foreach (var (_, row) in staying)
        {
            row.Padding -= padding;
            rows.Add(row);
        }
    }

    /// <summary>Knows what stands before the first token that will be written.</summary>
    private AnswerTagWatcher WatcherBehind(IReadOnlyList<int> beginning)
    {
        var watcher = new AnswerTagWatcher();
        foreach (var id in beginning) watcher.Push(tokenizer!.TokenBytes(id), out _);
        return watcher;
    }

    /// <summary>[B, S], false where a row is padded; null when no row is.</summary>
    private Tensor? Attended(List<GeneratedAnswer> answers, long length)
    {
        if (answers.All(row => row.Padding == 0)) return null;
        using var scope = NewDisposeScope();
        var padding = tensor(answers.Select(row => row.Padding).ToArray(), device: model.Device).unsqueeze(1);     // [B, 1]
        return arange(length, ScalarType.Int64, model.Device).unsqueeze(0).ge(padding).MoveToOuterDisposeScope();
    }
}
