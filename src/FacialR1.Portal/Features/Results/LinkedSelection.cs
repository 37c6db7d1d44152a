using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Verification;

namespace FacialR1.Portal.Features.Results;

/// <summary>What photo and text of one analysis share: the unit that is held, the overlays that are on, and the check that the words give so far.</summary>
/// <remarks>Pointing and focusing need none of this: the stylesheet lights up what names the same unit. All members belong to one circuit.</remarks>
public sealed class LinkedSelection
{
    /// <summary>The unit that stays lit; null when none does.</summary>
    public int? Unit { get; private set; }

    public bool ShowsBoxes { get; private set; } = true;

    public bool ShowsRegions { get; private set; } = true;

    /// <summary>The 68 points; off at first, because they hide what they mark.</summary>
    public bool ShowsPoints { get; private set; }

    /// <summary>Of the words that are there; null before the first.</summary>
    public ReasoningCheck? Check { get; private set; }

    /// <summary>68 estimated points of the chosen face, as fractions of its crop; null where they are not known.</summary>
    public FaceLandmarks? Landmarks { get; private set; }

    /// <summary>A person chose something.</summary>
    public event Action? Chosen;

    /// <summary>More words came, or others.</summary>
    public event Action? Read;

    /// <summary>As an address carries it: "boxes,regions", "regions,points", "none".</summary>
    public string Overlays => string.Join(',', new[] { ShowsBoxes ? "boxes" : null, ShowsRegions ? "regions" : null, ShowsPoints ? "points" : null }.OfType<string>().DefaultIfEmpty("none"));

    /// <summary>Takes what an address says, which anybody may have typed; null means the start: no unit, boxes and regions.</summary>
    public void Take(int? unit, string? overlays)
    {
        Unit = unit is { } number && FacialR1.Analysis.Facs.ActionUnits.IsKnown(number) ? number : null;
        var names = overlays?.Split(',', StringSplitOptions.TrimEntries);
        (ShowsBoxes, ShowsRegions, ShowsPoints) = (names?.Contains("boxes") ?? true, names?.Contains("regions") ?? true, names?.Contains("points") ?? false);
    }

    /// <summary>Holds a unit, or lets go of it when it is held already.</summary>
    public void Toggle(int unit)
    {
        Unit = Unit == unit ? null : unit;
        Chosen?.Invoke();
    }

    public void ToggleBoxes()
    {
        ShowsBoxes = !ShowsBoxes;
        Chosen?.Invoke();
    }

    public void ToggleRegions()
    {
        ShowsRegions = !ShowsRegions;
        Chosen?.Invoke();
    }

    public void TogglePoints()
    {
        ShowsPoints = !ShowsPoints;
        Chosen?.Invoke();
    }

    /// <summary>Passes a check on; the same words and evidence again are no news.</summary>
    /// <param name="landmarks">Of the chosen face, as fractions of its crop; null where they are not known.</param>
    public void Show(ReasoningCheck check, FaceLandmarks? landmarks = null)
    {
        ArgumentNullException.ThrowIfNull(check);
        Landmarks = landmarks;
        var isSame = Check is { } shown && shown.Reading.Trace.Text == check.Reading.Trace.Text && shown.Reading.Trace.IsComplete == check.Reading.Trace.IsComplete && ReferenceEquals(shown.Evidence, check.Evidence);
        Check = check;
        if (!isSame) Read?.Invoke();
    }
}
