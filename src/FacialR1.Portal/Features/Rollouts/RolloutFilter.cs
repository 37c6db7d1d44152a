using System.Globalization;
using FacialR1.Portal.Features.Training;

namespace FacialR1.Portal.Features.Rollouts;

/// <summary>Which groups of a step are looked at; the query of the page.</summary>
/// <param name="Show">One of <see cref="Shows"/>; null for all.</param>
/// <param name="Emotion">Only groups with this label.</param>
/// <param name="Page">From 1.</param>
public sealed record RolloutFilter(string? Show, string? Emotion, int Page)
{
    /// <summary>Groups on a page: a step may hold hundreds, each with a photo and G texts.</summary>
    public const int PageSize = 6;

    private const string Wrong = "wrong", Flat = "flat", Cut = "cut";

    /// <summary>What can be asked for, with its words.</summary>
    public static IReadOnlyList<(string? Value, string Label)> Shows { get; } = [(null, "All"), (Wrong, "Wrong answers"), (Flat, "All rewards equal"), (Cut, "Cut off")];

    /// <summary>Reads a query; what makes no sense in it falls back to everything.</summary>
    public static RolloutFilter Parse(string? show, string? emotion, int? page) =>
        new(Shows.Any(entry => entry.Value == show) ? show : null, string.IsNullOrWhiteSpace(emotion) ? null : emotion, Math.Max(1, page ?? 1));

    /// <summary>Whether a group is looked at. A group counts as wrong when one of its completions answers another emotion than the label, or none.</summary>
    public bool Fits(RolloutGroup group) => (Emotion is null || group.Emotion == Emotion) && Show switch
    {
        Wrong => group.Completions?.Any(completion => completion.IsRight(group.Emotion) == false) == true,
        Flat => group.HasNoVariance,
        Cut => group.Completions?.Any(completion => completion.Truncated) == true,
        _ => true,
    };

    /// <summary>The address of a step looked at in this way.</summary>
    public string Link(string run, string phase, long step) => RunLinks.Rollouts(run, phase, step)
        + (Show is null ? "" : $"&show={Show}") + (Emotion is null ? "" : $"&emotion={Uri.EscapeDataString(Emotion)}") + (Page == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"&page={Page}"));
}
