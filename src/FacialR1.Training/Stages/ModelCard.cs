using System.Globalization;
using System.Text;
using FacialR1.Analysis.Scoring;

namespace FacialR1.Training.Stages;

/// <summary>Writes <c>model-card.md</c> from a lineage: what was consumed, by which stage, and what came of it.</summary>
public static class ModelCard
{
    /// <summary>In Markdown.</summary>
    /// <param name="about">One paragraph on how the checkpoint was made.</param>
    public static string Of(Lineage lineage, string about)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Facial-R1 Mini, {Title(lineage)}").AppendLine()
            .AppendLine("A small model of the Qwen2.5-VL architecture that looks at a face, writes one short paragraph over action units (AUs) and names one of seven emotion words.")
            .AppendLine("It describes visible movement and gives a label; it does not know what a person feels.").AppendLine()
            .AppendLine(about.Trim()).AppendLine()
            .AppendLine("| | |").AppendLine("| --- | --- |")
            .AppendLine(CultureInfo.InvariantCulture, $"| stage | {lineage.Stage}{(lineage.Round > 0 ? $", round {lineage.Round}" : "")} |")
            .AppendLine(CultureInfo.InvariantCulture, $"| trained from | {lineage.Parent ?? "the vision tower of the supervised recipe and a fresh decoder"} |")
            .AppendLine("| input | one face, 48 × 48 grey pixels, 16 visual tokens; larger photos are cropped to the face and reduced |")
            .AppendLine("| output | `<think>` a paragraph with AUs in parentheses `</think><answer>` one word `</answer>` |")
            .AppendLine("| licence | MIT, with the project |").AppendLine()
            .AppendLine("## What each stage consumed").AppendLine()
            .AppendLine("| Stage | What | How many |").AppendLine("| --- | --- | --- |");
        foreach (var item in lineage.Consumed) text.AppendLine(CultureInfo.InvariantCulture, $"| {item.Stage} | {item.What} | {item.N:N0} |");
        text.AppendLine()
            .AppendLine("All photos are from the training split. No stage learnt from `val` or `test`; settings were chosen on `val`. The emotion labels (FER2013, web-collected, research use) are noisy: people agree")
            .AppendLine("with them about 65% of the time. The AU labels are **automatic estimates** (our thresholds on MediaPipe blendshape scores, not FACS coding; AU15 is weak, AU9 is absent).")
            .AppendLine("Report texts were composed from labels by a grammar of our own, or written by the model itself in synthesis; no person and no large model wrote them.").AppendLine()
            .AppendLine("## Scores").AppendLine()
            .AppendLine("Greedy, through the same parser and scorer that the portal uses; 95% intervals.").AppendLine()
            .AppendLine("| Split | n | Emotion accuracy | AU macro-F1 | AU hallucination (CHAIR_i) | AU coverage | Format rate |").AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var score in lineage.Scores)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {score.Data} {score.Split} | {score.N:N0} | {Cell(score.EmotionAccuracy)} | {Cell(score.AuMacroF1)} | {Cell(score.Hallucination)} | {Cell(score.Coverage)} | {Cell(score.FormatRate)} |");
        return text.AppendLine()
            .AppendLine("## Not for").AppendLine()
            .AppendLine("Deciding anything about a person; use at work or in education; identifying people; medicine. Groups of people were not compared: the training photos carry no such labels.")
            .ToString();
    }

    private static string Title(Lineage lineage) => lineage.Stage switch
    {
        "base" => "base: sees and writes, not yet linked",
        "sft" => "supervised on few annotated samples",
        "grpo" => "after reinforcement",
        "synthesis" => $"after synthesis, round {lineage.Round}",
        var other => other,
    };

    private static string Cell(Estimate? estimate) => estimate is not { } known ? "not defined"
        : string.Create(CultureInfo.InvariantCulture, $"{known.Value:F3}{(known is { Low: { } low, High: { } high } ? $" ({low:F3} – {high:F3})" : "")}");
}
