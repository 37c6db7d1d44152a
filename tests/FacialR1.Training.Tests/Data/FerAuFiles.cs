using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Tests.Data;

/// <summary>Writes small folders in the fer-au layout.</summary>
internal static class FerAuFiles
{
    /// <summary>One line per sample, as the set has it.</summary>
    public static string Lines(string split, IEnumerable<FaceSample> samples) => string.Join('\n', samples.Select(sample => new JsonObject
    {
        ["id"] = $"{split}-{sample.Id}", ["image"] = $"{split}/{sample.Id}.png", ["emotion"] = sample.Emotion!.Value.Name(),
        ["actionUnits"] = new JsonArray([.. sample.ActionUnits!.Select(unit => (JsonNode)$"AU{unit}")]),
        ["intensities"] = new JsonObject(FerAuFolder.ActionUnits.Select(unit => KeyValuePair.Create($"AU{unit}", (JsonNode?)(sample.ActionUnits!.Contains(unit) ? 0.8 : 0.1)))),
    }.ToJsonString()));

    /// <param name="pictures">By name, grey levels of 48 × 48 pixels.</param>
    public static void Write(string folder, string split, string lines, IEnumerable<(string Name, byte[] Grey)> pictures, int landmarkRows)
    {
        File.WriteAllText(Path.Combine(folder, $"{split}.jsonl"), lines + "\n");
        using (var archive = ZipFile.Open(Path.Combine(folder, $"{split}.zip"), ZipArchiveMode.Create))
            foreach (var (name, grey) in pictures)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(ImageWriter.ToPng(new RgbImage(48, 48, [.. grey.SelectMany(level => (byte[])[level, level, level])])));
            }

        var header = Encoding.ASCII.GetBytes($"{{'descr': '<f2', 'fortran_order': False, 'shape': ({landmarkRows}, 68, 2), }}".PadRight(117) + "\n");
        using var file = File.Create(Path.Combine(folder, $"{split}-landmarks.npy"));
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0]);
        file.Write(header);
        var number = new byte[2];
        BinaryPrimitives.WriteHalfLittleEndian(number, (Half)0.25);
        for (var index = 0; index < landmarkRows * 136; index++) file.Write(number);
    }

    /// <summary>A whole folder of made-up faces.</summary>
    public static void Write(string folder, int photosPerSplit)
    {
        foreach (var (index, split) in new[] { "train", "val", "test" }.Index())
        {
            FaceSample[] samples = [.. Enumerable.Range(index * photosPerSplit, photosPerSplit).Select(number => Faces.Sample(number))];
            Write(folder, split, Lines(split, samples), samples.Select(sample => ($"{split}/{sample.Id}.png", sample.Pixels)), photosPerSplit);
        }
    }
}
