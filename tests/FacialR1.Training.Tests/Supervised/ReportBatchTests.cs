using FacialR1.TestKit;
using FacialR1.Training.Supervised;
using FacialR1.VisionLanguage.Images;
using FacialR1.VisionLanguage.Native;
using FacialR1.VisionLanguage.Qwen25Vl;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Tests.Supervised;

public sealed class ReportBatchTests
{
    private static readonly PatchGrid[] Grids = [new(1, 4, 4), new(1, 4, 8), new(1, 4, 4)];

    static ReportBatchTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void The_loss_of_a_batch_equals_that_of_its_rows_alone()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        var (rows, prompts) = Rows(model.Options);
        using var frozen = no_grad();
        var together = ReportBatch.Of(rows, Grids, model.Options).Loss(model, cat([.. prompts.Select(prompt => prompt.VisualTokens(model)!)])).item<float>();

        var (sum, weight) = (0.0, 0.0);
        foreach (var (index, row) in rows.Index())
        {
            // The plain way: the whole row read at once, every logit computed, the right ones picked by hand.
            var whole = prompts[index] with { Ids = [.. row.Prompt, .. row.Response] };
            var logits = whole.Logits(model)[0].log_softmax(1);
            for (var token = 0; token < row.Response.Length; token++)
            {
                sum -= row.Weights[token] * logits[row.Prompt.Length - 1 + token, row.Response[token]].item<float>();
                weight += row.Weights[token];
            }
        }

        Assert.Equal(sum / weight, together, 4);
        Assert.True(rows.Select(row => row.Prompt.Length).Distinct().Count() > 1, "The prompts must differ in length, or nothing is shown.");
    }

    [Fact]
    public void Gradients_of_a_batch_equal_those_of_its_rows_added_up()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        var (rows, prompts) = Rows(model.Options);
        var weights = rows.Sum(row => row.Weights.Sum());
        ReportBatch.Of(rows, Grids, model.Options).Loss(model, cat([.. prompts.Select(prompt => prompt.VisualTokens(model)!)])).backward();
        var together = Gradients(model);
        foreach (var (index, row) in rows.Index())
            (ReportBatch.Of([row], [Grids[index]], model.Options).Loss(model, prompts[index].VisualTokens(model)!) * (row.Weights.Sum() / weights)).backward();
        foreach (var (name, expected) in together)
            Assert.True(functional.mse_loss(model.get_parameter(name)!.grad!, expected).sqrt().item<float>() <= 1e-4 * (1 + expected.norm().item<float>()), name);
        Assert.True(together.Count > 20);
    }

    [Fact]
    public void What_the_model_reads_may_differ_from_what_it_must_write()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create();
        var (rows, prompts) = Rows(model.Options);
        int[] noisy = [.. rows[0].Response];
        noisy[2] = (noisy[2] + 7) % 50;
        var visual = prompts[0].VisualTokens(model)!;
        using var frozen = no_grad();
        var clean = ReportBatch.Of([rows[0]], [Grids[0]], model.Options);
        var disturbed = ReportBatch.Of([rows[0] with { Read = noisy }], [Grids[0]], model.Options);
        Assert.Equal(clean.Targets.data<long>().ToArray(), disturbed.Targets.data<long>().ToArray());
        var (before, after) = (clean.Logits(model, visual), disturbed.Logits(model, visual));
        Assert.True(before[2].allclose(after[2]), "The disturbed token cannot change what was decided before it.");
        Assert.False(before[3].allclose(after[3]), "It changes what comes after it.");
        Assert.Equal(3, clean.PlaceOf(0, 3));
    }

    [Fact]
    public void A_batch_that_cannot_be_learnt_from_is_refused()
    {
        var options = TinyModel.Options();
        var (rows, _) = Rows(options);
        Assert.Contains("2 pictures", Refused(rows, Grids[..2]), StringComparison.Ordinal);
        Assert.Contains("nothing to learn", Refused([rows[0] with { Weights = new float[rows[0].Response.Length] }], Grids[..1]), StringComparison.Ordinal);
        Assert.Contains("Row 0", Refused([rows[0] with { Weights = [1f] }], Grids[..1]), StringComparison.Ordinal);
        Assert.Contains("placeholders", Refused([rows[0]], [Grids[1]]), StringComparison.Ordinal);

        string Refused(IReadOnlyList<ReportRow> bad, IReadOnlyList<PatchGrid> grids) => Assert.Throws<ArgumentException>(() => ReportBatch.Of(bad, grids, options)).Message;
    }

    private static (ReportRow[] Rows, TinyPrompt[] Prompts) Rows(Qwen25VlOptions options)
    {
        var random = new Random(3);
        var prompts = Grids.Select((grid, index) => TinyPrompt.Of(options, index, grid)).ToArray();
        var rows = prompts.Select((prompt, index) =>
        {
            var response = Enumerable.Range(0, 5 + 3 * index).Select(_ => random.Next(50)).ToArray();
            return new ReportRow(prompt.Ids, response, [.. response.Select((_, token) => token == 1 ? 0f : 1f + token % 3)]);
        }).ToArray();
        return (rows, prompts);
    }

    private static Dictionary<string, Tensor> Gradients(Qwen25VlModel model)
    {
        var gradients = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.grad is null) continue;
            gradients[name] = parameter.grad.clone();
            parameter.grad.zero_();
        }

        return gradients;
    }
}
