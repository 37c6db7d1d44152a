using System.Text.Json.Nodes;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Faces;

namespace FacialR1.Portal.Features.Results;

/// <summary>What is known of one face, as others read it.</summary>
public static class FaceDocument
{
    /// <summary>Box, score, crop, tilt, 68 points in pixels of the photo and warnings; points and warnings are null without a face reader.</summary>
    public static JsonObject Of(FaceArea face, FaceReading? reading) => new()
    {
        ["box"] = Numbers(face.Box), ["score"] = face.Score, ["crop"] = Numbers(face.Crop), ["tilt"] = face.Tilt,
        ["landmarks"] = reading is null ? null : new JsonArray([.. reading.Landmarks.Points.Select(point => (JsonNode)Pair(face.Frame.ToPicture(point.X, point.Y)))]),
        ["warnings"] = WarningsOf(reading),
    };

    /// <summary>Why to rely less on what is read from this face; null where nothing was measured.</summary>
    public static JsonArray? WarningsOf(FaceReading? reading) => reading is null ? null : new JsonArray([.. reading.Quality.Warnings.Select(warning => (JsonNode)new JsonObject
    {
        ["name"] = warning.Name, ["observation"] = warning.Observation, ["advice"] = warning.Advice, ["measured"] = Math.Round(warning.Measured, 3), ["limit"] = warning.Limit,
    })]);

    private static JsonArray Numbers(PixelArea area) => new(area.X, area.Y, area.Width, area.Height);

    private static JsonArray Pair(PixelPoint point) => new(Math.Round(point.X, 1), Math.Round(point.Y, 1));
}
