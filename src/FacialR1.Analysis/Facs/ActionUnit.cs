using System.Globalization;

namespace FacialR1.Analysis.Facs;

/// <summary>One action unit of the Facial Action Coding System: a visible movement and the muscles behind it.</summary>
/// <param name="Number">The FACS number, 12 for AU12.</param>
/// <param name="Name">The FACS name in lower case, "lip corner puller".</param>
/// <param name="Region">Where it shows.</param>
/// <param name="Description">What is seen, as one clause for the prompt and for tooltips.</param>
/// <param name="Muscles">The muscles that act or let go; empty where the sources name none.</param>
/// <param name="Phrases">Noun phrases people use for it; empty where no phrase is unambiguous.</param>
public sealed record ActionUnit(
    int Number, string Name, FaceRegion Region, string Description, IReadOnlyList<string> Muscles, IReadOnlyList<string> Phrases)
{
    /// <summary>"AU12".</summary>
    public string Code { get; } = CodeOf(Number);

    /// <summary>"AU12" for 12, whether or not such a unit exists.</summary>
    public static string CodeOf(int number) => FormattableString.Invariant($"AU{number}");

    /// <summary>12 for "AU12", whether or not such a unit exists; null for anything but the two letters and digits.</summary>
    /// <param name="comparison">Whether "au12" counts too.</param>
    public static int? NumberOf(string? code, StringComparison comparison = StringComparison.Ordinal) =>
        code is not null && code.StartsWith("AU", comparison) && int.TryParse(code.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Code} ({Name})";
}
