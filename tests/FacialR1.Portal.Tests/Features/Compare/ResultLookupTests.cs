using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Features.Compare;
using FacialR1.Training.Data;

namespace FacialR1.Portal.Tests.Features.Compare;

public sealed class ResultLookupTests : IDisposable
{
    private readonly PortalFolder folder = new();

    public ResultLookupTests()
    {
        ComparedResults.Write(folder.Paths, "mini.val", 10, model: "mini", benchmark: "fer-au/val");
        ComparedResults.Write(folder.Paths, "mini.test", 10, model: "mini", benchmark: "fer-au/test");
        ComparedResults.Write(folder.Paths, "sft.val", 10, model: "mini-sft", benchmark: "fer-au/val");
    }

    [Theory]
    [InlineData("mini", "fer-au/val", "mini.val")]
    [InlineData("mini-sft", "fer-au", "sft.val")]
    [InlineData("mini-sft", null, "sft.val")]
    [InlineData("mini.test", null, "mini.test")]
    public void A_result_is_found_by_checkpoint_and_benchmark(string name, string? benchmark, string id) => Assert.Equal(id, Find(name, benchmark).Id);

    [Theory]
    [InlineData("mini", null, "several results: mini.test (mini on fer-au/test), mini.val (mini on fer-au/val)")]
    [InlineData("mini", "fer-au", "several results on fer-au")]
    [InlineData("mini-sft", "fer-au/test", "no result of \"mini-sft\" on fer-au/test. There are mini.test")]
    [InlineData("mini", "disfa", "There are results on fer-au/test, fer-au/val.")]
    public void Otherwise_it_is_said_what_there_is(string name, string? benchmark, string words) =>
        Assert.Contains(words, Assert.Throws<DataFormatException>(() => Find(name, benchmark)).Message, StringComparison.Ordinal);

    private EvaluationEntry Find(string name, string? benchmark) => ResultLookup.Find(name, benchmark, new EvaluationFiles(folder.Paths).List());

    public void Dispose() => folder.Dispose();
}
