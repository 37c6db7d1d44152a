using FacialR1.Analysis.Scoring;
using FacialR1.Training.Stages;

namespace FacialR1.Training.Tests.Stages;

public sealed class LineageTests : IDisposable
{
    private static readonly Lineage Example = new("mini-sft", "sft", 0, "mini-base", "run-2", [new("photos", "vision", 23439), new("photos with text", "sft", 600)],
        [new("fer-au", "val", 4846, new Estimate(0.5, 0.48, 0.52), new Estimate(0.4, null, null), null, null, null)]);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("facialr1-lineage-");

    [Fact]
    public void What_is_written_is_read_back()
    {
        Example.Write(folder.FullName);
        var read = Lineage.Read(folder.FullName)!;
        Assert.Equal((Example.Name, Example.Parent, Example.Run), (read.Name, read.Parent, read.Run));
        Assert.Equal(Example.Consumed, read.Consumed);
        Assert.Equal(Example.Scores, read.Scores);
        Assert.Equal("mini-sft", StageRecipe.NameOf(folder.FullName));
    }

    [Fact]
    public void A_folder_without_lineage_has_none_and_is_called_by_its_name()
    {
        Assert.Null(Lineage.Read(folder.FullName));
        Assert.Equal(folder.Name, StageRecipe.NameOf(folder.FullName));
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        File.WriteAllText(Path.Combine(folder.FullName, Lineage.FileName), "{");
        Assert.Contains(Lineage.FileName, Assert.Throws<InvalidDataException>(() => Lineage.Read(folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_tells_consumption_and_scores_with_their_n()
    {
        var card = ModelCard.Of(Example, "Made for a test.");
        Assert.Contains("| sft | photos with text | 600 |", card, StringComparison.Ordinal);
        Assert.Contains("| fer-au val | 4,846 | 0.500 (0.480 – 0.520) | 0.400 | not defined |", card, StringComparison.Ordinal);
        Assert.Contains("automatic estimates", card, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
