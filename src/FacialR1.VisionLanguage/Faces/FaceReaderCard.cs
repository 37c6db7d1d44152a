using System.Text.Json;
using System.Text.Json.Serialization;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>How often the estimate of a unit is right, measured on photos that neither the network nor its thresholds have seen.</summary>
/// <param name="N">Photos.</param>
/// <param name="Present">Photos on which the unit is labelled as present; the labels are estimates of another program.</param>
/// <param name="CalibrationError">Expected calibration error of the probability.</param>
public sealed record UnitReliability(int N, int Present, double Precision, double Recall, double F1, double CalibrationError);

/// <summary>From the network's logit to an estimate of one unit.</summary>
/// <param name="Scale">Platt scaling: probability = σ(scale·logit + shift).</param>
/// <param name="PresentFrom">Probability from which the unit counts as present.</param>
/// <param name="AbsentBelow">Probability below which it counts as absent; between the two nothing is decided.</param>
public sealed record UnitCalibration(int ActionUnit, double Scale, double Shift, double PresentFrom, double AbsentBelow, UnitReliability Measured);

/// <summary>What stands beside the weights of the face reader.</summary>
/// <param name="Version">Changes whenever an estimate may change.</param>
/// <param name="TrainedOn">In words for a reader.</param>
/// <param name="CalibratedOn">In words for a reader.</param>
/// <param name="MeasuredOn">In words for a reader.</param>
/// <param name="LandmarkError">Mean distance of the 68 points in inter-ocular distances.</param>
public sealed record FaceReaderCard(string Version, string TrainedOn, string CalibratedOn, string MeasuredOn, double LandmarkError, int LandmarkN, IReadOnlyList<UnitCalibration> Units)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="InvalidDataException">The file is no card; the message names it.</exception>
    public static FaceReaderCard Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<FaceReaderCard>(File.ReadAllText(path), Format) ?? throw new JsonException("The file is empty.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} is no card of a face reader ({error.Message}). Restore data/models from the repository.", error);
        }
    }

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Format) + "\n");
}
