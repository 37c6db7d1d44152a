using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>What a face network says about B faces.</summary>
/// <param name="Emotions">Logits [B, 7].</param>
/// <param name="ActionUnits">Logits [B, 15], in the order of the data set.</param>
/// <param name="Intensities">[B, 15], square roots of AU intensities.</param>
/// <param name="Landmarks">[B, 136], x and y fractions of the side.</param>
public readonly record struct FaceOutputs(Tensor Emotions, Tensor ActionUnits, Tensor Intensities, Tensor Landmarks);

/// <summary>A small residual convolutional network (He et al. 2016) that reads a face without words. It teaches the vision tower, since convolutions learn from few photos where a
/// transformer cannot, and it gives the estimates against which claims are held where there is no annotation.</summary>
/// <remarks>B faces, C channels. Weights are fp32; convolutions run in the fastest type of the device.</remarks>
public sealed class FaceNetwork : Module<Tensor, FaceOutputs>
{
    private readonly ConvolutionUnit stem, reduce;
    private readonly ModuleList<ResidualBlock> blocks;
    private readonly Dropout dropout;
    private readonly Linear emotion_head, action_unit_head, intensity_head, landmark_head;

    public FaceNetwork(int width = 64) : base(nameof(FaceNetwork))
    {
        stem = new ConvolutionUnit(1, width / 2, 1);
        reduce = new ConvolutionUnit(width / 2, width, 2);
        blocks = new ModuleList<ResidualBlock>(
            new ResidualBlock(width, width, 1), new ResidualBlock(width, 2 * width, 2), new ResidualBlock(2 * width, 4 * width, 2),
            new ResidualBlock(4 * width, 4 * width, 1));
        dropout = nn.Dropout(0.3);
        emotion_head = Linear(4 * width, 7);
        action_unit_head = Linear(4 * width, 15);
        intensity_head = Linear(4 * width, 15);
        landmark_head = Linear(4 * width * 36, 136);
        init.zeros_(landmark_head.weight);
        init.constant_(landmark_head.bias, 0.5);
        RegisterComponents();
    }

    /// <summary>Device of the weights.</summary>
    public Device Device => emotion_head.weight.device;

    /// <summary>A trained network, frozen.</summary>
    /// <param name="file">Safetensors as <see cref="Weights"/> names them.</param>
    /// <param name="prefix">Stands before each name.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static FaceNetwork Load(string file, string prefix = "")
    {
        var network = new FaceNetwork();
        using (no_grad())
        using (var stored = SafetensorsFile.Open(file))
            foreach (var (name, value) in network.Weights()) stored.ReadInto(prefix + name, value);
        foreach (var parameter in network.parameters()) parameter.requires_grad = false;
        network.eval();
        return network;
    }

    /// <summary>What makes a trained network: parameters and running statistics, without the counters of training.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights() =>
        state_dict().Where(row => !row.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Select(row => (row.Key, row.Value));

    /// <param name="grey">[B, 1, 48, 48] in [0, 1].</param>
    public override FaceOutputs forward(Tensor grey)
    {
        using var scope = NewDisposeScope();
        var x = ((grey - 0.5) * 4).to(MatrixType.FastestOn(grey.device));
        x = reduce.call(stem.call(x));                                     // [B, C, 24, 24]
        foreach (var block in blocks) x = block.call(x);                   // [B, 4C, 6, 6]
        x = x.to(ScalarType.Float32);
        var pooled = dropout.call(x.mean([2, 3]));                         // [B, 4C]
        return new FaceOutputs(
            emotion_head.call(pooled).MoveToOuterDisposeScope(),
            action_unit_head.call(pooled).MoveToOuterDisposeScope(),
            intensity_head.call(pooled).MoveToOuterDisposeScope(),
            landmark_head.call(x.flatten(1)).MoveToOuterDisposeScope());
    }

    /// <summary>3×3 convolution, batch normalisation, ReLU.</summary>
    private sealed class ConvolutionUnit : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly BatchNorm2d norm;
        private readonly int stride;

        public ConvolutionUnit(int from, int to, int stride) : base(nameof(ConvolutionUnit))
        {
            this.stride = stride;
            conv = Conv2d(from, to, 3, stride: stride, padding: 1, bias: false);
            init.kaiming_normal_(conv.weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
            norm = BatchNorm2d(to);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => functional.relu(Normalised(x));

        /// <summary>Without the ReLU: the last step of a residual branch.</summary>
        public Tensor Normalised(Tensor x) =>
            norm.call(functional.conv2d(x, conv.weight.to(x.dtype), strides: [stride, stride], padding: [1, 1]));
    }

    private sealed class ResidualBlock : Module<Tensor, Tensor>
    {
        private readonly ConvolutionUnit first, second;
        private readonly Conv2d? shortcut;
        private readonly int stride;

        public ResidualBlock(int from, int to, int stride) : base(nameof(ResidualBlock))
        {
            this.stride = stride;
            first = new ConvolutionUnit(from, to, stride);
            second = new ConvolutionUnit(to, to, 1);
            if (from != to || stride != 1) shortcut = Conv2d(from, to, 1, stride: stride, bias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var straight = shortcut is null ? x : functional.conv2d(x, shortcut.weight.to(x.dtype), strides: [stride, stride]);
            return functional.relu(second.Normalised(first.call(x)) + straight).MoveToOuterDisposeScope();
        }
    }
}
