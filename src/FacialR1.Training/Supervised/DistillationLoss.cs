using FacialR1.VisionLanguage.Faces;
using FacialR1.Training.Teacher;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Supervised;

/// <summary>Labels and a teacher's opinion of the same view, mixed (Hinton et al. 2015; the teacher sees every random view: Beyer et al. 2022).</summary>
/// <param name="TeacherShare">For the emotion: 0 listens to the label only, 1 to the teacher only.</param>
/// <param name="TeacherUnitShare">The same for AUs. Lower: their labels are less noisy than emotion labels, and the teacher is cautious.</param>
/// <param name="Temperature">Softens both distributions; its square keeps gradients comparable.</param>
public sealed record DistillationLoss(double TeacherShare = 0.7, double TeacherUnitShare = 0.4, double Temperature = 1.5, double Smoothing = 0.1, double ActionUnitWeight = 3, double LandmarkWeight = 0.5)
{
    /// <summary>The weighted sum, a scalar.</summary>
    public Tensor Of(FaceOutputs student, FaceOutputs teacher, FaceTargets targets)
    {
        using var scope = NewDisposeScope();
        var (emotion, units, landmarks) = targets.Losses(student, Smoothing);
        var (soft, softUnits) = Distance(student, teacher);
        return (Mixed(emotion, soft, TeacherShare) + ActionUnitWeight * Mixed(units, softUnits, TeacherUnitShare) + LandmarkWeight * landmarks).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing but the teacher's opinion, for pictures that have no labels of their own.</summary>
    /// <remarks>Landmarks are left out: blended faces have none.</remarks>
    public Tensor OfOpinion(FaceOutputs student, FaceOutputs teacher)
    {
        using var scope = NewDisposeScope();
        var (emotion, units) = Distance(student, teacher);
        return (emotion + ActionUnitWeight * units).MoveToOuterDisposeScope();
    }

    private (Tensor Emotion, Tensor Units) Distance(FaceOutputs student, FaceOutputs teacher) => (
        -((teacher.Emotions / Temperature).softmax(1) * (student.Emotions / Temperature).log_softmax(1)).sum(1).mean() * (Temperature * Temperature),
        functional.binary_cross_entropy_with_logits(student.ActionUnits, teacher.ActionUnits.sigmoid()) + functional.smooth_l1_loss(student.Intensities * 4, teacher.Intensities * 4));

    private static Tensor Mixed(Tensor hard, Tensor soft, double share) => (1 - share) * hard + share * soft;
}
