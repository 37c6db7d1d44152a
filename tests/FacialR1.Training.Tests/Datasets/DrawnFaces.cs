using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Tests.Datasets;

/// <summary>Simple drawn faces: an oval, two eyes and a mouth that bends. Different numbers give different faces.</summary>
internal static class DrawnFaces
{
    public static RgbImage Draw(int number, int side = 48)
    {
        var pixels = new byte[3 * side * side];
        var (smile, gap, tone) = ((number % 7 - 3) / 12.0, 0.14 + number % 5 * 0.02, (byte)(120 + number * 37 % 110));
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var (u, v) = ((x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5);
                var level = u * u / 0.16 + v * v / 0.22 < 1 ? tone : (byte)30;
                if (Math.Abs(Math.Abs(u) - gap) < 0.05 && Math.Abs(v + 0.12) < 0.04) level = 10;
                if (Math.Abs(u) < 0.18 && Math.Abs(v - 0.2 + smile * (u * u * 20 - 0.3)) < 0.03) level = 60;
                for (var channel = 0; channel < 3; channel++) pixels[3 * (y * side + x) + channel] = level;
            }
        return new RgbImage(side, side, pixels);
    }

    public static void Save(string path, int number)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ImageWriter.ToPng(Draw(number)));   // readers look at the content, not at the name
    }

    public static string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
