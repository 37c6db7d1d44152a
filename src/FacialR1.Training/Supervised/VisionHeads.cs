using FacialR1.VisionLanguage.Faces;
using FacialR1.Training.Teacher;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.Training.Supervised;

/// <summary>Auxiliary heads that exist in training only: they read all visual tokens of a face in order and let labels reach the tower directly.</summary>
/// <remarks>Pooling instead of reading in order would hide positions: the tower has rotary positions only.</remarks>
public sealed class VisionHeads : Module<Tensor, FaceOutputs>
{
    private readonly Dropout dropout = nn.Dropout(0.1);
    private readonly Linear emotion_head, action_unit_head, intensity_head, landmark_head;
    private readonly long tokens;

    /// <param name="tokens">Visual tokens per face.</param>
    /// <param name="width">Numbers per visual token.</param>
    public VisionHeads(long tokens, long width) : base(nameof(VisionHeads))
    {
        this.tokens = tokens;
        emotion_head = Linear(tokens * width, 7);
        action_unit_head = Linear(tokens * width, 15);
        intensity_head = Linear(tokens * width, 15);
        landmark_head = Linear(tokens * width, 136);
        init.constant_(landmark_head.bias, 0.5);
        RegisterComponents();
    }

    /// <param name="visualTokens">[B·tokens, W], any type.</param>
    public override FaceOutputs forward(Tensor visualTokens)
    {
        using var scope = NewDisposeScope();
        var face = dropout.call(visualTokens.to(ScalarType.Float32).view(-1, tokens * visualTokens.shape[1]));
        return new FaceOutputs(
            emotion_head.call(face).MoveToOuterDisposeScope(),
            action_unit_head.call(face).MoveToOuterDisposeScope(),
            intensity_head.call(face).MoveToOuterDisposeScope(),
            landmark_head.call(face).MoveToOuterDisposeScope());
    }
}
