using FacialR1.Training.Teacher;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Training.Tests.Teacher;

public sealed class FaceCommitteeTests
{
    static FaceCommitteeTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Its_opinion_is_the_mean_of_its_members_probabilities()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        FaceNetwork[] members = [new(width: 16), new(width: 16)];
        var pictures = rand(5, 1, 48, 48);
        var opinion = new FaceCommittee(members).Opinion(pictures);
        using var noGradient = no_grad();
        var (first, second) = (members[0].call(pictures), members[1].call(pictures));
        Assert.True(opinion.Emotions.exp().allclose((first.Emotions.softmax(1) + second.Emotions.softmax(1)) / 2, atol: 1e-5));
        Assert.True(opinion.ActionUnits.sigmoid().allclose((first.ActionUnits.sigmoid() + second.ActionUnits.sigmoid()) / 2, atol: 1e-5));
        Assert.True(opinion.Landmarks.allclose((first.Landmarks + second.Landmarks) / 2, atol: 1e-5));
        Assert.False(opinion.Emotions.requires_grad);
        foreach (var member in members) member.Dispose();
    }

    [Fact]
    public void A_single_member_speaks_for_itself_and_needs_a_file_only()
    {
        var file = Path.GetTempFileName();
        using var scope = NewDisposeScope();
        using var trained = new FaceNetwork();
        trained.eval();
        SafetensorsWriter.Write(file, trained.Weights(), ScalarType.Float32);
        using var read = FaceNetwork.Load(file);
        var pictures = rand(2, 1, 48, 48);
        using var noGradient = no_grad();
        Assert.True(new FaceCommittee(read).Opinion(pictures).Emotions.equal(trained.call(pictures).Emotions).all().item<bool>());
        File.Delete(file);
    }

    [Fact]
    public void Nobody_is_no_committee() => Assert.Throws<ArgumentException>(() => new FaceCommittee());
}
