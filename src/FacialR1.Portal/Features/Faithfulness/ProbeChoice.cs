using System.Globalization;
using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Faithfulness;
using FacialR1.Analysis.Reasoning;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Features.Faithfulness;

/// <summary>How the picture is searched for what the model looks at.</summary>
public enum LookMethod { None, OcclusionBlur, OcclusionMean, Gradient }

/// <summary>A shape drawn over the photo with a value.</summary>
/// <param name="Outline">As fractions of the crop.</param>
/// <param name="Value">−1 to 1: how much it speaks against or for the target, in shares of the strongest.</param>
/// <param name="Label">For people.</param>
public sealed record HeatShape(IReadOnlyList<FacePoint> Outline, double Value, string Label);

/// <summary>What is asked about the reasons of one analysis, and what is drawn on its photo for it. Belongs to one circuit; an address carries it.</summary>
public sealed class ProbeChoice
{
    private readonly HashSet<string> covered = [];

    public LookMethod Look { get; private set; }

    /// <summary>The words that are explained; null for the answer.</summary>
    public TextSpan? Of { get; private set; }

    /// <summary>Clicks on the photo cover and uncover parts.</summary>
    public bool IsCovering { get; private set; }

    public Filling Filling { get; private set; }

    /// <summary>Keys of the parts that are covered, in order.</summary>
    public IReadOnlyList<string> Covered => [.. covered.Order(StringComparer.Ordinal)];

    /// <summary>Name of a stored change of the reasoning; null without one.</summary>
    public string? Change { get; private set; }

    /// <summary>Drawn over the photo; empty for nothing.</summary>
    public IReadOnlyList<HeatShape> Heat { get; private set; } = [];

    /// <summary>A person chose something; an address should carry it.</summary>
    public event Action? Chosen;

    /// <summary>What is drawn is another.</summary>
    public event Action? Drawn;

    /// <summary>As an address carries it; null where nothing is chosen.</summary>
    public string? LookText => Look switch { LookMethod.OcclusionBlur => "blur", LookMethod.OcclusionMean => "mean", LookMethod.Gradient => "gradient", _ => null };

    public string? OfText => Of is { } span ? FormattableString.Invariant($"{span.Start}-{span.End}") : null;

    public string? CoverText => covered.Count > 0 ? string.Join(',', Covered) : IsCovering ? "none" : null;

    public string? FillingText => Filling == Filling.Mean ? "mean" : null;

    /// <summary>Takes what an address says, which anybody may have typed.</summary>
    public void Take(string? look, string? of, string? cover, string? filling, string? change)
    {
        Look = look switch { "blur" => LookMethod.OcclusionBlur, "mean" => LookMethod.OcclusionMean, "gradient" => LookMethod.Gradient, _ => LookMethod.None };
        Of = SpanOf(of);
        covered.Clear();
        if (cover is not null)
            foreach (var key in cover.Split(',').Where(IsPart)) covered.Add(key);
        IsCovering = cover is not null;
        Filling = filling == "mean" ? Filling.Mean : Filling.Blur;
        Change = change is { Length: 24 } && change.All(char.IsAsciiHexDigitLower) ? change : null;
        if (Look == LookMethod.None) Draw([]);
    }

    public void LookBy(LookMethod method)
    {
        Look = method;
        if (method == LookMethod.None) Draw([]);
        Chosen?.Invoke();
    }

    public void Explain(TextSpan? of)
    {
        Of = of;
        Chosen?.Invoke();
    }

    public void SetCovering(bool isCovering)
    {
        IsCovering = isCovering;
        if (!isCovering) covered.Clear();
        Drawn?.Invoke();
        Chosen?.Invoke();
    }

    /// <summary>Covers a part, or uncovers it.</summary>
    public void ToggleCover(string key)
    {
        if (!covered.Remove(key)) covered.Add(key);
        IsCovering = true;
        Drawn?.Invoke();
        Chosen?.Invoke();
    }

    public void Fill(Filling filling)
    {
        Filling = filling;
        Drawn?.Invoke();
        Chosen?.Invoke();
    }

    public void ShowChange(string? name)
    {
        Change = name;
        Chosen?.Invoke();
    }

    public void Draw(IReadOnlyList<HeatShape> heat)
    {
        if (Heat.Count == 0 && heat.Count == 0) return;
        Heat = heat;
        Drawn?.Invoke();
    }

    private static bool IsPart(string key) => OccludedPart.Grid.Any(part => part.Key == key) || OccludedPart.FaceKeys.Contains(key);

    private static TextSpan? SpanOf(string? text)
    {
        var ends = text?.Split('-');
        return ends is [var from, var to] && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && start < end && end < 1_000_000 ? TextSpan.FromBounds(start, end) : null;
    }
}
