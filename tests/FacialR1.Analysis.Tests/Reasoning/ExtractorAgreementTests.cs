using FacialR1.Analysis.Reasoning;
using Xunit.Abstractions;

namespace FacialR1.Analysis.Tests.Reasoning;

/// <summary>How well the extractor reads sentences that a person has read. The output names every sentence on which they differ.</summary>
public sealed class ExtractorAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void The_sentences_the_lexicon_was_tuned_on_are_read_as_a_person_reads_them() => AssertAgreement("tuned.tsv", 250);

    [Fact]
    public void Sentences_that_were_written_before_and_kept_apart_are_read_as_a_person_reads_them() => AssertAgreement("held-out.tsv", 75);

    private void AssertAgreement(string file, int atLeast)
    {
        var sentences = HandCheckedSentences.Read(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reasoning", "Sentences", file)));
        var agreement = HandCheckedSentences.Compare(sentences);
        output.WriteLine(FormattableString.Invariant(
            $"{file}: {agreement.Sentences} sentences, {agreement.Expected} claims, precision {agreement.Precision:0.000} ({agreement.Right}/{agreement.Found}), recall {agreement.Recall:0.000} ({agreement.Right}/{agreement.Expected}), side and intensity {agreement.NotedRight}/{agreement.Noted}"));
        foreach (var difference in agreement.Differences) output.WriteLine(difference);
        Assert.True(agreement.Sentences >= atLeast);
        Assert.True(agreement.Precision >= 0.97, $"Precision {agreement.Precision:0.000}");
        Assert.True(agreement.Recall >= 0.97, $"Recall {agreement.Recall:0.000}");
    }
}
