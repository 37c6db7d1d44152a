using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Stages;
using FacialR1.Training.Synthesis;
using FacialR1.Training.Tests.Data;

namespace FacialR1.Training.Tests.Stages;

public sealed class ReportSourceTests
{
    private static readonly IReadOnlyList<FaceSample> Set = Faces.Samples(21);
    private static readonly FaceSample Shown = Set[4];

    [Fact]
    public void A_linked_report_is_about_the_photo_in_ever_new_words()
    {
        var tasks = Tasks(ReportSources.Linked);
        Assert.All(tasks, task => Assert.Equal(("", LabelHint.Of(new ResponseLabels(Shown.Emotion, Shown.ActionUnits))), (task.Hint, Said(task))));
        Assert.True(tasks.Select(task => task.Report).Distinct().Count() > 100);
    }

    [Fact]
    public void An_unlinked_report_is_about_what_the_labels_say_and_not_about_the_photo()
    {
        var tasks = Tasks(ReportSources.Unlinked(Set, new LabelHintMix(Labels: 1, Partial: 0)));
        Assert.All(tasks, task => Assert.StartsWith(Said(task), task.Hint, StringComparison.Ordinal));
        Assert.True(tasks.Select(Said).Distinct().Count() > 3);
    }

    [Fact]
    public void An_accepted_text_goes_before_a_composed_one()
    {
        var accepted = new Dictionary<string, string> { [Shown.Id] = "written" };
        Assert.All(Tasks(ReportSources.Written(accepted)), task => Assert.Equal(("", "written"), (task.Hint, task.Report)));
        Assert.Equal(ReportSources.Linked(Set[5], 7), ReportSources.Written(accepted)(Set[5], 7));
    }

    /// <summary>What a report says, as labels would be shown.</summary>
    private static string Said(ReportTask task) => ReasoningParser.Parse(task.Report) is var reading ? LabelHint.Of(new ResponseLabels(reading.Emotion, reading.ActionUnits)) : "";

    private static ReportTask[] Tasks(ReportSource source) => [.. Enumerable.Range(0, 200).Select(seed => source(Shown, (ulong)seed))];
}
