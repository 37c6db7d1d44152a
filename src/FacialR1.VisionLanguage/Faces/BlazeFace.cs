using FacialR1.VisionLanguage.Images;
using Microsoft.ML.OnnxRuntime;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>The BlazeFace network (Bazarevsky et al. 2019, arXiv 1907.05047): one square picture in, 896 candidate faces out.</summary>
/// <remarks>
/// Answers come from two grids, 16 × 16 cells with 2 anchors and 8 × 8 cells with 6. All anchors of a cell share its centre and have
/// size 1, so each answer is an offset from the cell's centre and a size, in input pixels.
/// </remarks>
internal sealed class BlazeFace : IDisposable
{
    private const int NumbersPerAnchor = 16;   // centre x, y, width, height, six points
    private static readonly (int Cells, int Anchors, string Scores, string Boxes)[] Grids =
        [(16, 2, "Identity:0", "Identity_2:0"), (8, 6, "Identity_1:0", "Identity_3:0")];

    private readonly InferenceSession session;
    private readonly string input;

    public BlazeFace(string file)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,   // callers run photos side by side
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,   // its warnings about unused constants in this file help nobody
        };
        session = new InferenceSession(file, options);
        input = session.InputNames[0];
        Side = session.InputMetadata[input].Dimensions[1];
    }

    /// <summary>Side of the square input in pixels.</summary>
    public int Side { get; }

    /// <summary>Candidates at or above <paramref name="threshold"/>, in pixels of the given square. Safe to call from several threads.</summary>
    /// <param name="square"><see cref="Side"/> × <see cref="Side"/> pixels.</param>
    /// <param name="threshold">Smallest score, 0 to 1, exclusive of both.</param>
    public IEnumerable<FaceCandidate> Run(RgbImage square, float threshold)
    {
        var pixels = Array.ConvertAll(square.Pixels, value => value / 127.5f - 1);
        using var tensor = OrtValue.CreateTensorValueFromMemory(pixels, [1, Side, Side, 3]);
        using var run = new RunOptions();
        var found = new List<FaceCandidate>();
        using var outputs = session.Run(run, [input], [tensor], [.. Grids.SelectMany(g => new[] { g.Scores, g.Boxes })]);
        // The score of the network is a logit; comparing logits saves 896 exponentials.
        var smallestLogit = MathF.Log(threshold / (1 - threshold));
        for (var grid = 0; grid < Grids.Length; grid++)
        {
            var (cells, anchors, _, _) = Grids[grid];
            var logits = outputs[2 * grid].GetTensorDataAsSpan<float>();
            var boxes = outputs[2 * grid + 1].GetTensorDataAsSpan<float>();
            for (var i = 0; i < logits.Length; i++)
            {
                if (logits[i] < smallestLogit) continue;
                var cell = i / anchors;
                var centre = new PixelPoint((cell % cells + 0.5f) * Side / cells, (cell / cells + 0.5f) * Side / cells);
                found.Add(Decode(boxes.Slice(i * NumbersPerAnchor, NumbersPerAnchor), centre, 1 / (1 + MathF.Exp(-logits[i]))));
            }
        }
        return found;
    }

    private static FaceCandidate Decode(ReadOnlySpan<float> numbers, PixelPoint anchor, float score)
    {
        var (x, y, halfWidth, halfHeight) = (anchor.X + numbers[0], anchor.Y + numbers[1], numbers[2] / 2, numbers[3] / 2);
        var points = new PixelPoint[6];
        for (var p = 0; p < points.Length; p++) points[p] = new PixelPoint(anchor.X + numbers[4 + 2 * p], anchor.Y + numbers[5 + 2 * p]);
        return new FaceCandidate(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, points);
    }

    public void Dispose() => session.Dispose();
}
