using System.Text;
using System.Text.Json;
using FacialR1.Portal.Features.Export;
using Parquet;

namespace FacialR1.Portal.Tests.Features.Export;

public sealed class TableFileTests
{
    private static readonly ExportTable Table = new("made-up",
        [new("words", ExportKind.Text), new("whole", ExportKind.Whole), new("number", ExportKind.Number), new("flag", ExportKind.Flag)],
        [["=HYPERLINK(\"http://x\")", 1, 0.1, true], ["a, \"b\"\r\nc", null, null, null], [null, 3_000_000_000L, -1e-300, false]]);

    [Fact]
    public async Task A_spreadsheet_takes_no_cell_for_a_formula_and_every_number_for_a_number() => Assert.Equal(
        "words,whole,number,flag\r\n\"'=HYPERLINK(\"\"http://x\"\")\",1,0.1,1\r\n\"a, \"\"b\"\"\r\nc\",,,\r\n,3000000000,-1E-300,0\r\n", Encoding.UTF8.GetString(await Write(CsvFile.WriteAsync)));

    [Theory]
    [InlineData("+1", "'+1")]
    [InlineData("-x", "'-x")]
    [InlineData("@a", "'@a")]
    [InlineData("\tx", "'\tx")]
    [InlineData("x=1", "x=1")]
    public void Text_that_begins_like_a_formula_gets_an_apostrophe(string text, string cell) => Assert.Equal(cell, CsvFile.Cell(text));

    [Fact]
    public async Task Json_lines_keep_text_and_say_null()
    {
        var lines = Encoding.UTF8.GetString(await Write(JsonLinesFile.WriteAsync)).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(3, lines.Length);
        Assert.Equal("=HYPERLINK(\"http://x\")", lines[0].GetProperty("words").GetString());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("number").ValueKind);
        Assert.Equal((3_000_000_000, -1e-300, false), (lines[2].GetProperty("whole").GetInt64(), lines[2].GetProperty("number").GetDouble(), lines[2].GetProperty("flag").GetBoolean()));
    }

    [Fact]
    public async Task Parquet_is_read_back_as_it_was_written()
    {
        using var file = new MemoryStream(await Write(ParquetFile.WriteAsync));
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(["words", "whole", "number", "flag"], reader.Schema.DataFields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        var (words, whole, number, flag) = (new string?[3], new long?[3], new double?[3], new bool?[3]);
        await group.ReadAsync(reader.Schema.DataFields[0], words.AsMemory());
        await group.ReadAsync<long>(reader.Schema.DataFields[1], whole.AsMemory());
        await group.ReadAsync<double>(reader.Schema.DataFields[2], number.AsMemory());
        await group.ReadAsync<bool>(reader.Schema.DataFields[3], flag.AsMemory());
        Assert.Equal(("=HYPERLINK(\"http://x\")", "a, \"b\"\r\nc", null), (words[0], words[1], words[2]));
        Assert.Equal([1, null, 3_000_000_000], whole);
        Assert.Equal([0.1, null, -1e-300], number);
        Assert.Equal([true, null, false], flag);
    }

    private static async Task<byte[]> Write(Func<ExportTable, Stream, CancellationToken, Task> write)
    {
        using var stream = new MemoryStream();
        await write(Table, stream, CancellationToken.None);
        return stream.ToArray();
    }
}
