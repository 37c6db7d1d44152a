using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Training.Synthesis;

/// <summary>How many training prompts show labels, so that a model that was never taught to read a hint learns it beside its real task.</summary>
/// <remarks>
/// The target stays the same report. Most hints show all labels; some hide the AUs or the emotion, because sources without them exist. The mistakes of a
/// taught reflection are made up: they are drawn from the labels, not from answers of a model.
/// </remarks>
/// <param name="Labels">Share of all prompts that show labels, in [0, 1].</param>
/// <param name="Reflection">Share of those that also carry a reflection, in [0, 1].</param>
/// <param name="Partial">Share of those that hide the AUs or the emotion, in [0, 1].</param>
public sealed record LabelHintMix(double Labels = 0.5, double Reflection = 0.4, double Partial = 0.15)
{
    /// <summary>The hint of one training example: empty when the labels stay hidden. The same seed gives the same hint.</summary>
    public string Draw(ResponseLabels labels, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var random = new Pcg32(seed, stream: 0x48494e54);
        if (random.NextDouble() >= Labels) return "";
        var shown = labels;
        if (random.NextDouble() < Partial && labels is { ActionUnits: not null, Emotion: not null })
            shown = random.NextInt(2) == 0 ? labels with { ActionUnits = null } : labels with { Emotion = null };
        return random.NextDouble() < Reflection ? LabelHint.Of(shown, Mistakes(shown, random)) : LabelHint.Of(shown);
    }

    /// <summary>A mistake that could have been made: each unit missed or added with a small chance, now and then the emotion, the format or the wording.</summary>
    private static Reflection Mistakes(ResponseLabels labels, Pcg32 random)
    {
        List<int> missing = [], extra = [];
        if (labels.ActionUnits is { } units)
        {
            foreach (var unit in ActionUnits.FerAu)
            {
                var isTrue = units.Contains(unit);
                if (random.NextDouble() < (isTrue ? 0.3 : 0.05)) (isTrue ? missing : extra).Add(unit);
            }
        }

        var wrong = labels.Emotion is { } emotion && random.NextDouble() < 0.2
            ? Emotions.All[((int)emotion + 1 + random.NextInt(Emotions.All.Count - 1)) % Emotions.All.Count] : (Emotion?)null;
        return new Reflection(missing, extra, wrong, IsFormatBroken: random.NextDouble() < 0.1, IsWordingBad: random.NextDouble() < 0.1);
    }
}
