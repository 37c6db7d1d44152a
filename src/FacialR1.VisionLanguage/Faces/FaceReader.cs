using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Verification;
using FacialR1.VisionLanguage.Checkpoints;
using FacialR1.VisionLanguage.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>What was estimated on one face.</summary>
/// <param name="Evidence">Per unit: calibrated probability with its thresholds. Estimates, never labels.</param>
/// <param name="Landmarks">As fractions of the crop.</param>
/// <param name="Quality">How well this face can be read at all.</param>
public sealed record FaceReading(FaceEvidence Evidence, FaceLandmarks Landmarks, FaceQuality Quality);

/// <summary>Estimates action units and 68 points from the pixels of a cropped face, without words and without the checkpoint whose claims are to be checked. One instance may serve many threads.</summary>
public sealed class FaceReader : IDisposable
{
    /// <summary>Below the models folder.</summary>
    public const string Folder = "face-reader", WeightsFile = "model.safetensors", CardFile = "card.json";

    /// <summary>The network sees squares of this side.</summary>
    public const int Side = 48;

    private readonly FaceNetwork network;

    private FaceReader(FaceNetwork network, FaceReaderCard card) => (this.network, Card) = (network, card);

    public FaceReaderCard Card { get; }

    /// <summary>How an estimate is called where it is shown.</summary>
    public string Source => $"estimate ({Card.Version})";

    /// <param name="modelsFolder">The folder <c>data/models</c> of the project.</param>
    /// <exception cref="FileNotFoundException">Weights or card are missing; the message names the file.</exception>
    /// <exception cref="InvalidDataException">The card cannot be read.</exception>
    public static FaceReader Load(string modelsFolder)
    {
        ArgumentNullException.ThrowIfNull(modelsFolder);
        var card = Existing(Path.Combine(modelsFolder, Folder, CardFile));
        return new FaceReader(LoadNetwork(modelsFolder), FaceReaderCard.Read(card));
    }

    /// <summary>The network alone, uncalibrated and frozen, as a teacher for others.</summary>
    /// <param name="modelsFolder">The folder <c>data/models</c> of the project.</param>
    /// <exception cref="FileNotFoundException">The weights are missing; the message names the file.</exception>
    public static FaceNetwork LoadNetwork(string modelsFolder)
    {
        ArgumentNullException.ThrowIfNull(modelsFolder);
        return FaceNetwork.Load(Existing(Path.Combine(modelsFolder, Folder, WeightsFile)));
    }

    private static string Existing(string file) => File.Exists(file)
        ? file
        : throw new FileNotFoundException($"The face reader's file {file} is missing. Restore data/models from the repository, or name the right models folder.", file);

    /// <param name="face">A face cropped as <see cref="FaceCrop"/> does; any size, colours are ignored.</param>
    public FaceReading Read(RgbImage face)
    {
        ArgumentNullException.ThrowIfNull(face);
        var small = face.Width == Side && face.Height == Side ? face : PillowResize.Bicubic(BoxReduce.Towards(face, 2 * Side), Side, Side);
        var grey = small.ToGrey();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var input = tensor([.. Enumerable.Range(0, Side * Side).Select(index => grey.Pixels[3 * index] / 255f)], [1, 1, Side, Side]);
        var outputs = network.call(input);
        var logits = outputs.ActionUnits.to(ScalarType.Float32).data<float>().ToArray();
        var points = outputs.Landmarks.to(ScalarType.Float32).data<float>().ToArray();
        var landmarks = new FaceLandmarks([.. points.Chunk(2).Select(pair => new FacePoint(pair[0], pair[1]))]);
        return new FaceReading(
            FaceEvidence.Estimated(Card.Units.Select((unit, index) =>
                (unit.ActionUnit, new Analysis.Statistics.PlattScaling(unit.Scale, unit.Shift).Of(logits[index]), unit.PresentFrom, unit.AbsentBelow)), Source),
            landmarks, FaceQuality.Of(grey, Math.Min(face.Width, face.Height), landmarks));
    }

    public void Dispose() => network.Dispose();
}
