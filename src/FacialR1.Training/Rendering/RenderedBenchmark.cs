using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Rendering;

/// <summary>Writes rendered faces as a benchmark folder. The same plan gives the same bytes.</summary>
public static class RenderedBenchmark
{
    /// <summary>Name of the benchmark and of its folder.</summary>
    public const string Name = "rendered-faces";

    private const string PicturesName = "images";
    private const int Quality = 90;

    /// <summary>What <c>benchmark.json</c> says.</summary>
    public static BenchmarkManifest Manifest { get; } = new()
    {
        Name = Name,
        Title = "Rendered faces (synthetic)",
        ActionUnits = [.. UnitShapes.Units.Select(ActionUnit.CodeOf)],
        Emotions = [.. Emotions.All.Select(emotion => emotion.Name()).Order(StringComparer.Ordinal)],
        LabelNote = "Synthetic: rendered faces of nobody. Action units are what the shapes were set to (present from 0.25 of 1 on); the emotion is the one whose published pattern was set.",
        Licence = "MIT. Pictures and labels were made for this project from the shapes of ICT-FaceKit, copyright (c) 2020 USC Institute for Creative Technologies; see README.md.",
        Source = "benchmarks render",
        Images = PicturesName,
    };

    /// <summary>Draws every face and writes pictures, table and manifest, the manifest last.</summary>
    /// <param name="folder">Pictures in it are replaced.</param>
    /// <param name="shapes">The head.</param>
    /// <param name="faces">What to draw.</param>
    /// <param name="findFace">The square that an upload of this picture would be cropped to; null when no face is found in it.</param>
    /// <param name="progress">Gets the number of pictures so far.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <param name="side">Pixels a side.</param>
    /// <returns>Ids of pictures in which no face was found; they are cropped nowhere.</returns>
    /// <exception cref="DataFormatException">The folder holds another benchmark.</exception>
    public static IReadOnlyList<string> Write(
        string folder, FaceShapes shapes, IReadOnlyList<RenderedFace> faces, Func<RgbImage, PixelBox?> findFace, IProgress<int>? progress, CancellationToken cancellationToken, int side = 256)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(findFace);
        if (File.Exists(Path.Combine(folder, BenchmarkFolder.ManifestName)) && BenchmarkFolder.Manifest(folder).Name != Name)
            throw new DataFormatException($"{folder} holds the benchmark \"{BenchmarkFolder.Manifest(folder).Name}\". Choose another folder with --out.");
        var renderer = new FaceRenderer(shapes, side);
        Directory.CreateDirectory(Path.Combine(folder, PicturesName));
        var (table, missed) = (new StringBuilder(), new List<string>());
        foreach (var (index, face) in faces.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (file, picture) = ($"{face.Id}.jpg", ImageWriter.ToJpeg(renderer.Draw(face.Scene), Quality));
            File.WriteAllBytes(Path.Combine(folder, PicturesName, file), picture);
            // The face is looked for in the file as everybody gets it.
            var box = findFace(ImageReader.Read(picture));
            if (box is null) missed.Add(face.Id);
            table.Append(BenchmarkFolder.Line(Sample(face, file, box))).Append('\n');
            progress?.Report(index + 1);
        }

        File.WriteAllText(Path.Combine(folder, BenchmarkFolder.SamplesName), table.ToString(), new UTF8Encoding(false));
        BenchmarkFolder.Write(folder, Manifest);
        return missed;
    }

    private static BenchmarkSample Sample(RenderedFace face, string file, PixelBox? box) => new(face.Id, file, new ResponseLabels(face.Emotion, face.Present))
    {
        Subject = face.Subject, Metadata = face.Metadata, Face = box,
        Intensities = face.Intensities.ToDictionary(row => row.Key, row => Math.Round((double)row.Value, 2)),
    };
}
