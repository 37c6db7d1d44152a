using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Qwen25Vl;

namespace FacialR1.VisionLanguage.Tests.Checkpoints;

public sealed class ParameterInventoryTests
{
    [Theory]
    [InlineData("3b.json", 669, 3_086, 3_755)]
    [InlineData("7b.json", 677, 7_616, 8_292)]
    [InlineData("7b-nested.json", 677, 7_616, 8_292)]
    public void The_published_configurations_have_the_published_sizes(string config, long vision, long text, long total)
    {
        var count = ParameterInventory.Count(Qwen25VlOptions.Load(RepositoryFiles.At("tests", "FacialR1.VisionLanguage.Tests", "Fixtures", "configs", config)));
        Assert.Equal((vision, text, total), (Millions(count.Vision), Millions(count.Text), Millions(count.Total)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_inventory_lists_exactly_the_model_s_parameters(bool tieEmbeddings)
    {
        using var model = TinyModel.Create(TinyModel.Options(tieEmbeddings));
        var listed = ParameterInventory.Of(model.Options).Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Shape)}]");
        var built = model.named_parameters().Select(pair => $"{pair.name} [{string.Join(", ", pair.parameter.shape)}]");
        Assert.Equal(built.Order(), listed.Order());
    }

    [Fact]
    public void Counting_allocates_no_tensor()
    {
        var options = Qwen25VlOptions.Load(RepositoryFiles.At("tests", "FacialR1.VisionLanguage.Tests", "Fixtures", "configs", "7b.json"));
        Assert.Equal(0, LeakCheck.TensorsLeftBy(() => ParameterInventory.Count(options)));
        Assert.Equal(390 + 339, ParameterInventory.Of(options).Count());
    }

    private static long Millions(long count) => (long)Math.Round(count / 1e6);
}
