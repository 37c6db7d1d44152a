using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Evaluation;

namespace FacialR1.Training.Tests.Evaluation;

public sealed class ResultFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("facialr1-results-");

    private string File_ => Path.Combine(folder.FullName, "mini.jsonl");

    [Fact]
    public void What_is_written_is_read_again()
    {
        using (var file = ResultFile.CreateOrContinue(File_, Header()))
        {
            file.Append(Row("a") with { Subject = "S1", Image = "val/a.png", Metadata = new Dictionary<string, string> { ["source"] = "x" } }, isTruncated: false);
            file.Append(Row("b") with { Reference = "<think>cheeks</think>" }, isTruncated: true);
        }

        var (header, set) = ResultFile.Load(File_);
        Assert.Equal(("mini", "fer-au/val", 2), (header.Model, header.Benchmark, header.Samples));
        Assert.Equal([6, 12], set.Vocabulary);
        var first = set.Rows[0];
        Assert.Equal(("a", "S1", "val/a.png", 42), (first.Sample, first.Subject, first.Image, first.Tokens));
        Assert.Equal((Emotion.Happiness, true), (first.Reading.Emotion, first.IsRight));
        Assert.Equal([6, 12], first.Reading.MentionedActionUnits);
        Assert.Equal(0.75, first.Confidence!.Value, 1e-6);
        Assert.Equal("x", first.Metadata["source"]);
        Assert.Equal("<think>cheeks</think>", set.Rows[1].Reference);
    }

    [Fact]
    public void A_killed_evaluation_goes_on_and_the_half_line_is_dropped()
    {
        using (var file = ResultFile.CreateOrContinue(File_, Header())) file.Append(Row("a"), isTruncated: false);
        File.AppendAllText(File_, """{"sample":"b","text":"<thi""");
        Assert.Equal("a", Assert.Single(ResultFile.Load(File_).Set.Rows).Sample);   // readable while it is being written
        using (var file = ResultFile.CreateOrContinue(File_, Header() with { Started = DateTimeOffset.UnixEpoch }))
        {
            Assert.Equal("a", Assert.Single(file.Rows).Sample);
            file.Append(Row("b"), isTruncated: false);
        }
        Assert.Equal(["a", "b"], ResultFile.Load(File_).Set.Rows.Select(row => row.Sample));
    }

    [Fact]
    public void Answers_to_another_question_are_not_mixed()
    {
        ResultFile.CreateOrContinue(File_, Header()).Dispose();
        var error = Assert.Throws<DataFormatException>(() => ResultFile.CreateOrContinue(File_, Header() with { CheckpointSha256 = "other" }));
        Assert.Contains("checkpointSha256: \"aa\" / \"other\"", Reversed(error.Message), StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => ResultFile.CreateOrContinue(File_, Header() with { Decoding = DecodingOptions.Greedy with { Seed = 1 } }));

        // The message may name the two sides in either order.
        static string Reversed(string message) => message.Replace("\"other\" / \"aa\"", "\"aa\" / \"other\"", StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_line_and_a_foreign_file_are_named()
    {
        using (var file = ResultFile.CreateOrContinue(File_, Header())) file.Append(Row("a"), isTruncated: false);
        File.AppendAllText(File_, "{\"sample\":\"a\",\"text\":\"\"}\n{\"sample\":\"c\",\"text\":\"\"}\n");
        Assert.Contains("line 3: sample \"a\" was answered above already", Assert.Throws<DataFormatException>(() => ResultFile.Load(File_)).Message, StringComparison.Ordinal);
        File.WriteAllText(File_, "{\"id\":1}\n");
        Assert.Contains("is no result file", Assert.Throws<DataFormatException>(() => ResultFile.Load(File_)).Message, StringComparison.Ordinal);
        Assert.Contains("was not found", Assert.Throws<DataFormatException>(() => ResultFile.Load(File_ + "x")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static ResultHeader Header() => new()
    {
        Model = "mini", CheckpointSha256 = "aa", Benchmark = "fer-au/val", DataSha256 = "bb", Samples = 2, SampleIdsSha256 = "cc", ActionUnits = ["AU6", "AU12"],
        LabelNote = "made up", Prompt = "p", Decoding = DecodingOptions.Greedy,
    };

    private static ResultRow Row(string sample) => ResultRow.Of(
        sample, null, "<think>Cheeks up (AU6), lip corners too (AU12).</think> <answer>happiness</answer>", 42,
        new Dictionary<Emotion, double> { [Emotion.Happiness] = 0.75, [Emotion.Fear] = 0.25 }, new ResponseLabels(Emotion.Happiness, [12]));
}
