using FacialR1.VisionLanguage.Faces;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Teacher;

/// <summary>One or several trained networks that teach together: what several agree on is less noisy than what one says.</summary>
/// <param name="members">At least one. They stay the caller's, and are put into evaluation mode.</param>
public sealed class FaceCommittee(params IReadOnlyList<FaceNetwork> members)
{
    private readonly IReadOnlyList<FaceNetwork> members = members.Count == 0
        ? throw new ArgumentException("A committee needs at least one member.", nameof(members))
        : [.. members.Select(member => { member.eval(); return member; })];

    /// <summary>Mean probabilities of the members, as logits again; mean intensities and landmarks.</summary>
    /// <param name="pictures">[B, 1, 48, 48] in [0, 1], on the members' device.</param>
    /// <returns>Without gradient; its tensors belong to the caller's dispose scope.</returns>
    public FaceOutputs Opinion(Tensor pictures)
    {
        using var noGradient = no_grad();
        if (members is [var single]) return single.call(pictures);

        using var scope = NewDisposeScope();
        var opinions = members.Select(member => member.call(pictures)).ToArray();
        Tensor Mean(Func<FaceOutputs, Tensor> part) => stack(opinions.Select(part)).mean([0]);
        return new FaceOutputs(
            Mean(opinion => opinion.Emotions.softmax(1)).log().MoveToOuterDisposeScope(),
            Mean(opinion => opinion.ActionUnits.sigmoid()).logit(1e-6).MoveToOuterDisposeScope(),
            Mean(opinion => opinion.Intensities).MoveToOuterDisposeScope(),
            Mean(opinion => opinion.Landmarks).MoveToOuterDisposeScope());
    }
}
