using FacialR1.Analysis.Faces;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.VisionLanguage.Faces;

/// <summary>How well a cropped face can be read, from its pixels and its 68 points.</summary>
/// <remarks>
/// Pixel measures are taken at <see cref="FaceReader.Side"/> pixels a side, the size at which faces are read: what is too fine for it counts neither way. Brightness is that of
/// the lightest parts (skin in the light, whites of the eyes), so that dark skin is not taken for darkness. Limits were chosen on <c>val</c> of fer-au so that
/// each pixel measure warns about one or two photos in a hundred; see docs/experiments.md.
/// </remarks>
/// <param name="Pixels">Side of the crop in pixels of the photo.</param>
/// <param name="Detail">Mean absolute Laplacian inside the face over the spread of its grey levels.</param>
/// <param name="Brightness">Grey level, 0 to 255, that 5% of the face exceed.</param>
/// <param name="Clipped">Share of the face at 250 or more.</param>
/// <param name="Turn">Distance of the nose tip from the middle between the outer eye corners along their line, in inter-ocular distances: 0 looks straight ahead.</param>
/// <param name="Structure">The plainer of eyes and mouth: mean change of grey levels from row to row over their spread in the face. A cover has little of it.</param>
public sealed record FaceQuality(int Pixels, double Detail, double Brightness, double Clipped, double Turn, double Structure)
{
    /// <summary>Fewer pixels a side than this is small: the training photos have as many.</summary>
    public const int FewestPixels = FaceReader.Side;

    /// <summary>Less detail than this is blur.</summary>
    public const double LeastDetail = 0.25;

    /// <summary>Below this a face is dark.</summary>
    public const double LeastBrightness = 76;

    /// <summary>A larger share is overexposed.</summary>
    public const double MostClipped = 0.2;

    /// <summary>Further from the middle is turned away.</summary>
    public const double MostTurn = 0.3;

    /// <summary>Less is covered.</summary>
    public const double LeastStructure = 0.24;

    private static readonly int[] Outline = [.. Enumerable.Range(0, 17), .. Enumerable.Range(17, 10).Reverse()];
    private static readonly int[][] Parts = [[36, 37, 38, 39, 40, 41], [42, 43, 44, 45, 46, 47], [.. Enumerable.Range(48, 12)]];

    /// <param name="small">The crop at <see cref="FaceReader.Side"/> pixels a side, grey in all channels.</param>
    /// <param name="pixels">Side of the crop before it was made small.</param>
    /// <param name="landmarks">As fractions of the crop.</param>
    internal static FaceQuality Of(RgbImage small, int pixels, FaceLandmarks landmarks)
    {
        var grey = new Grey(small);
        var face = grey.Inside([.. Outline.Select(index => landmarks[index])]);
        var levels = face.Select(grey.Level).Order().ToArray();
        var spread = Spread(levels);
        var structure = Parts.Min(part => grey.RowChange(grey.Around([.. part.Select(index => landmarks[index])], landmarks.InterOcular))) / (spread + 1);
        var (right, left, nose) = (landmarks[36], landmarks[45], landmarks[30]);
        var along = ((nose.X - right.X) * (left.X - right.X) + (nose.Y - right.Y) * (left.Y - right.Y)) / Math.Max(1e-9, landmarks.InterOcular * landmarks.InterOcular);
        return new FaceQuality(pixels, grey.Detail(face) / (spread + 4), levels.Length == 0 ? 0 : levels[levels.Length * 95 / 100],
            levels.Count(level => level >= 250) / (double)Math.Max(1, levels.Length), Math.Abs(along - 0.5), structure);
    }

    /// <summary>What to tell a person, most telling first. Where one problem explains another, only the first is named.</summary>
    public IReadOnlyList<FaceWarning> Warnings
    {
        get
        {
            var warnings = new List<FaceWarning>();
            if (Pixels < FewestPixels) warnings.Add(new(FaceProblem.Small, Pixels, FewestPixels));
            else if (Detail < LeastDetail) warnings.Add(new(FaceProblem.Blurred, Detail, LeastDetail));
            if (Brightness < LeastBrightness) warnings.Add(new(FaceProblem.Dark, Brightness, LeastBrightness));
            if (Clipped > MostClipped) warnings.Add(new(FaceProblem.Overexposed, Clipped, MostClipped));
            if (Turn > MostTurn) warnings.Add(new(FaceProblem.TurnedAway, Turn, MostTurn));
            // Blur, light and turning flatten eyes and mouth as a cover does.
            else if (Structure < LeastStructure && !warnings.Exists(warning => warning.Problem is FaceProblem.Small or FaceProblem.Blurred or FaceProblem.Overexposed))
                warnings.Add(new(FaceProblem.Covered, Structure, LeastStructure));
            return warnings;
        }
    }

    private static double Spread(int[] levels)
    {
        if (levels.Length == 0) return 0;
        var mean = levels.Average();
        return Math.Sqrt(levels.Average(level => (level - mean) * (level - mean)));
    }

    /// <summary>Grey levels by place; a place is row × side + column.</summary>
    private sealed class Grey(RgbImage image)
    {
        private readonly int side = image.Width;

        public int Level(int place) => image.Pixels[3 * place];

        public int[] Inside(FacePoint[] outline) => [.. Enumerable.Range(0, side * side).Where(place => IsInside(outline, (place % side + 0.5) / side, (place / side + 0.5) / side))];

        /// <summary>The rectangle of an eye or the mouth with some skin above and below, without which a line of lids or lips would not stand out.</summary>
        public int[] Around(FacePoint[] points, double unit)
        {
            var (left, right, top, bottom) = (points.Min(p => p.X), points.Max(p => p.X), points.Min(p => p.Y), points.Max(p => p.Y));
            var (halfWidth, halfHeight) = (0.6 * (right - left), Math.Max(0.13 * unit, (bottom - top) / 2 + 0.05 * unit));
            var (x, y) = ((left + right) / 2, (top + bottom) / 2);
            return [.. from row in Places(y - halfHeight, y + halfHeight) from column in Places(x - halfWidth, x + halfWidth) select row * side + column];

            IEnumerable<int> Places(double from, double to)
            {
                var (first, end) = ((int)Math.Clamp(Math.Round(from * side), 0, side), (int)Math.Clamp(Math.Round(to * side), 0, side));
                return Enumerable.Range(first, Math.Max(0, end - first));
            }
        }

        public double Detail(int[] places) => Mean(places.Where(place => place % side is var x && place / side is var y && x > 0 && y > 0 && x < side - 1 && y < side - 1),
            place => Math.Abs(4 * Level(place) - Level(place - 1) - Level(place + 1) - Level(place - side) - Level(place + side)));

        public double RowChange(int[] places) =>
            Mean(places.Where(place => place >= side && place < side * (side - 1)), place => Math.Abs(Level(place + side) - Level(place - side)));

        private static double Mean(IEnumerable<int> places, Func<int, double> value) => places.Select(value).DefaultIfEmpty(0).Average();

        /// <summary>Even-odd rule.</summary>
        private static bool IsInside(FacePoint[] outline, double x, double y)
        {
            var inside = false;
            for (int i = 0, j = outline.Length - 1; i < outline.Length; j = i++)
                if (outline[i].Y > y != outline[j].Y > y && x < (outline[j].X - outline[i].X) * (y - outline[i].Y) / (outline[j].Y - outline[i].Y) + outline[i].X)
                    inside = !inside;
            return inside;
        }
    }
}
