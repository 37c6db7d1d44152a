using FacialR1.Analysis.Alignment;
using FacialR1.Portal.Inference;

namespace FacialR1.Portal.Tests.Inference;

public sealed class AlignmentFilesTests : IDisposable
{
    private readonly PortalFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Without_files_the_tables_of_the_program_are_used() => Assert.Equal(AlignmentTables.Shipped.Prototypes.Version, AlignmentFiles.Load(folder.Paths).Prototypes.Version);

    [Fact]
    public void An_edited_table_goes_before_the_one_of_the_program()
    {
        Write("""{"version": "mine/2", "sources": {"me": "my reading"}, "emotions": {"happiness": [{"actionUnits": [12], "source": "me"}]}}""");
        var tables = AlignmentFiles.Load(folder.Paths);
        Assert.Equal("mine/2", tables.Prototypes.Version);
        Assert.Equal(AlignmentTables.Shipped.Weights.Version, tables.Weights.Version);
    }

    [Theory]
    [InlineData("""{"version": "", "sources": {}, "emotions": {}}""", "version")]
    [InlineData("""{"version": "1", "sources": {"me": "x"}, "emotions": {"joyfulness": []}}""", "joyfulness")]
    [InlineData("""{"version": "1", "sources": {"me": "x"}, "emotions": {"fear": [{"actionUnits": [0], "source": "me"}]}}""", "AU0")]
    [InlineData("""{"version": "1", "sources": {}, "emotions": {"fear": [{"actionUnits": [1], "source": "me"}]}}""", "me")]
    [InlineData("{", "json")]
    public void A_mistake_in_an_edited_table_is_told_with_its_file(string table, string named)
    {
        Write(table);
        var error = Assert.Throws<AlignmentTableException>(() => AlignmentFiles.Load(folder.Paths));
        Assert.Contains(AlignmentTables.PrototypesFile, error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private void Write(string table)
    {
        Directory.CreateDirectory(folder.Paths.Alignment);
        File.WriteAllText(Path.Combine(folder.Paths.Alignment, AlignmentTables.PrototypesFile), table);
    }
}
