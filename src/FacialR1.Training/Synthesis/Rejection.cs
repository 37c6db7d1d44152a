using System.Globalization;
using FacialR1.Analysis.Facs;

namespace FacialR1.Training.Synthesis;

/// <summary>The kinds of fault for which an answer is not taken over as training text.</summary>
public enum RejectionKind
{
    Truncated, Format, UnreadableAnswer, TooShort, TooLong, MissingActionUnit, ExtraActionUnit, UnknownActionUnit, WrongEmotion, Contradiction, LabelsMentioned,
    NegatedActionUnit, AgainstPrototype, NoMajority, RepeatedText,
}

/// <summary>One reason why an answer was not accepted.</summary>
/// <param name="Kind">For counting.</param>
/// <param name="Text">For reading: "missing AU6".</param>
/// <param name="ActionUnit">The unit it is about.</param>
/// <param name="Emotion">The emotion that was wrongly answered.</param>
public sealed record Rejection(RejectionKind Kind, string Text, int? ActionUnit = null, Emotion? Emotion = null)
{
    public static Rejection Truncated { get; } = new(RejectionKind.Truncated, "cut off before its end");

    public static Rejection Format { get; } = new(RejectionKind.Format, "not one think block followed by one answer block");

    public static Rejection UnreadableAnswer(string? words) =>
        new(RejectionKind.UnreadableAnswer, string.IsNullOrEmpty(words) ? "no answer" : $"the answer \"{Shortened(words)}\" is none of the emotions");

    public static Rejection TooShort(int words, int least) => new(RejectionKind.TooShort, Invariant($"{words} words of reasoning, at least {least} are wanted"));

    public static Rejection TooLong(int words, int most) => new(RejectionKind.TooLong, Invariant($"{words} words of reasoning, at most {most} are wanted"));

    public static Rejection Missing(int unit) => new(RejectionKind.MissingActionUnit, $"missing {Facs(unit)}", unit);

    public static Rejection Extra(int unit) => new(RejectionKind.ExtraActionUnit, $"extra {Facs(unit)}", unit);

    public static Rejection Unknown(int unit) => new(RejectionKind.UnknownActionUnit, unit == int.MaxValue ? "unknown AU" : $"unknown {Facs(unit)}", unit);

    public static Rejection WrongEmotion(Emotion answered, Emotion labelled) =>
        new(RejectionKind.WrongEmotion, $"answers {answered.Name()}, the label is {labelled.Name()}", Emotion: answered);

    public static Rejection Contradiction(Emotion concluded, Emotion answered) =>
        new(RejectionKind.Contradiction, $"concludes {concluded.Name()}, answers {answered.Name()}");

    public static Rejection LabelsMentioned(string words) => new(RejectionKind.LabelsMentioned, $"speaks of its labels: \"{Shortened(words)}\"");

    public static Rejection Negated(int unit) => new(RejectionKind.NegatedActionUnit, $"negates {Facs(unit)}", unit);

    public static Rejection AgainstPrototype(IEnumerable<int> units, Emotion emotion, double fit, double threshold) => new(
        RejectionKind.AgainstPrototype, Invariant($"{Listed(units)} fits {emotion.Name()} with an F1 of {fit:0.00}, at least {threshold:0.00} is wanted"));

    public static Rejection NoMajority(IEnumerable<int> units, int answers) => new(RejectionKind.NoMajority, Invariant($"{Listed(units)} is not what most of {answers} answers name"));

    public static Rejection RepeatedText(int times) => new(RejectionKind.RepeatedText, Invariant($"worded like {times} accepted answers for the same labels"));

    private static string Facs(int unit) => Analysis.Facs.ActionUnit.CodeOf(unit);

    private static string Listed(IEnumerable<int> units) => string.Join(", ", units.Select(Facs)) is { Length: > 0 } list ? list : "no AU";

    private static string Shortened(string words) => words.Length <= 40 ? words : $"{words[..40]}…";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
