namespace FacialR1.Analysis.Faces;

/// <summary>What makes the picture of a face hard to read.</summary>
public enum FaceProblem { Small, Blurred, Dark, Overexposed, TurnedAway, Covered }

/// <summary>One reason to rely less on what is read from a face, with what a person can do about it.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Measured">In the unit of the limit.</param>
/// <param name="Limit">The value beyond which there is a warning.</param>
public sealed record FaceWarning(FaceProblem Problem, double Measured, double Limit)
{
    /// <summary>For data: <c>small</c>, <c>blurred</c>, <c>dark</c>, <c>overexposed</c>, <c>turned-away</c>, <c>covered</c>.</summary>
    public string Name => Problem == FaceProblem.TurnedAway ? "turned-away" : Problem.ToString().ToLowerInvariant();

    /// <summary>One sentence: what was seen.</summary>
    public string Observation => Problem switch
    {
        FaceProblem.Small => "The face is small: it has fewer pixels than the models were trained on.",
        FaceProblem.Blurred => "The face is blurred.",
        FaceProblem.Dark => "The face is dark: no part of it is lit.",
        FaceProblem.Overexposed => "Parts of the face are overexposed: they are plain white.",
        FaceProblem.TurnedAway => "The face is turned to the side.",
        FaceProblem.Covered => "Eyes or mouth seem to be covered.",
        _ => throw new ArgumentOutOfRangeException(nameof(Problem), Problem, "This problem has no words yet."),
    };

    /// <summary>One sentence: what to do.</summary>
    public string Advice => Problem switch
    {
        FaceProblem.Small => "Use the original instead of a thumbnail, or a photo taken from nearer.",
        FaceProblem.Blurred => "Use a sharper photo: hold still, focus on the face, do not enlarge a small picture.",
        FaceProblem.Dark => "Use a photo with light on the face, or brighten this one.",
        FaceProblem.Overexposed => "Use a photo with softer light or a shorter exposure.",
        FaceProblem.TurnedAway => "Use a photo in which the person looks towards the camera; of the far side little can be said.",
        FaceProblem.Covered => "Use a photo without mask, dark glasses, hand or hair in front of them; what is said about hidden parts is a guess.",
        _ => throw new ArgumentOutOfRangeException(nameof(Problem), Problem, "This problem has no words yet."),
    };
}
