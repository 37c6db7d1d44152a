using System.Globalization;
using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Statistics;

namespace FacialR1.Training.Reports;

/// <summary>
/// Writes the target response of supervised training from labels, in the paper's grammar: a think block that describes each movement with its code in
/// parentheses and how together they imply one emotion, then the answer block.
/// </summary>
/// <remarks>
/// Each given unit is named exactly once and no other; nothing is negated or hedged. Wording, order and rhythm depend on the random state alone,
/// never on the labels. Seven reports in ten go from the brows down in one fixed order, two in ten from the mouth up, one in ten in any
/// order, and the opening words say which. Departure from the paper: it lets a large model write these texts; here a grammar does, so that text
/// and labels agree by construction.
/// </remarks>
public static class ReportComposer
{
    /// <summary>Stored with every run; changes when the same seed would give another text.</summary>
    public const string Version = "report-composer/1";

    /// <summary>The units reports can speak about, in the order of a top-down report.</summary>
    public static IReadOnlyList<int> SupportedActionUnits => ActionUnitWording.TopDown;

    /// <summary>The response for these labels, different for each seed and the same for the same seed.</summary>
    /// <exception cref="ArgumentException">A unit is not one of <see cref="SupportedActionUnits"/>.</exception>
    public static string Compose(IReadOnlyCollection<int> actionUnits, Emotion emotion, ulong seed) =>
        Compose(actionUnits, emotion, new Pcg32(seed, stream: 0x5245504f5254));

    /// <summary>The response for these labels, worded by the next numbers of the generator.</summary>
    /// <param name="actionUnits">The units that are present; a repeated number counts once; may be empty.</param>
    /// <param name="emotion">The label.</param>
    /// <param name="random">Moves on by a number of steps that depends on how many units there are.</param>
    /// <returns><c>&lt;think&gt;…&lt;/think&gt;\n&lt;answer&gt;happiness&lt;/answer&gt;</c></returns>
    /// <exception cref="ArgumentException">A unit is not one of <see cref="SupportedActionUnits"/>.</exception>
    public static string Compose(IReadOnlyCollection<int> actionUnits, Emotion emotion, Pcg32 random)
    {
        ArgumentNullException.ThrowIfNull(actionUnits);
        ArgumentNullException.ThrowIfNull(random);
        foreach (var number in actionUnits)
            if (!ActionUnitWording.Covers(number))
                throw new ArgumentException(
                    $"Reports have no words for {ActionUnit.CodeOf(number)}. Leave it out of the labels or add it to the wording; supported are {string.Join(", ", SupportedActionUnits.Order())}.",
                    nameof(actionUnits));

        var plan = DrawPlan(random);
        var ordered = Ordered(actionUnits.ToHashSet(), plan.Order, random);
        var text = new StringBuilder("<think>").Append(plan.Opening);
        if (ordered.Length == 0) text.Append(Draw(Conclusions.AtRest, random)).Append(". ");
        else AppendUnits(text, plan, ordered, random);
        var conclusion = Draw(ordered.Length > 1 ? Conclusions.AfterSeveral : Conclusions.AfterOneOrNone, random);
        return text
            .AppendFormat(CultureInfo.InvariantCulture, conclusion, emotion.Name())
            .Append("</think>\n<answer>").Append(emotion.Name()).Append("</answer>")
            .ToString();
    }

    private static void AppendUnits(StringBuilder text, ReportPlan plan, int[] units, Pcg32 random)
    {
        var (sentence, position) = (0, 0);
        for (var i = 0; i < units.Length; i++)
        {
            text.Append(ActionUnitWording.Subject(units[i])).Append(' ').Append(Draw(ActionUnitWording.Predicates(units[i]), random))
                .Append(" (").Append(ActionUnit.CodeOf(units[i])).Append(')');
            var isLast = i == units.Length - 1;
            if (isLast || position + 1 == plan.Capacity(sentence))
            {
                text.Append(". ");
                if (!isLast) text.Append(Draw(Conclusions.Connectives, random));
                (sentence, position) = (sentence + 1, 0);
            }
            else
            {
                text.Append(plan.SeparatorAfter(position++));
            }
        }
    }

    private static ReportPlan DrawPlan(Pcg32 random)
    {
        var plans = random.NextInt(10) switch { < 7 => ReportPlan.TopDown, < 9 => ReportPlan.MouthFirst, _ => ReportPlan.Free };
        return Draw(plans, random);
    }

    private static int[] Ordered(HashSet<int> units, ReportOrder order, Pcg32 random)
    {
        var ordered = (order == ReportOrder.MouthFirst ? ActionUnitWording.MouthFirst : ActionUnitWording.TopDown).Where(units.Contains).ToArray();
        if (order == ReportOrder.Free) random.Shuffle<int>(ordered);
        return ordered;
    }

    private static T Draw<T>(IReadOnlyList<T> choices, Pcg32 random) => choices[random.NextInt(choices.Count)];
}
