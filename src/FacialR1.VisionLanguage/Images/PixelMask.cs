using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Statistics;

namespace FacialR1.VisionLanguage.Images;

/// <summary>Some pixels of a picture.</summary>
public sealed class PixelMask
{
    private readonly bool[] chosen;   // row by row

    private PixelMask(int width, int height, bool[] chosen)
    {
        (Width, Height, this.chosen) = (width, height, chosen);
        Area = chosen.Count(isChosen => isChosen);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>How many pixels.</summary>
    public int Area { get; }

    public bool this[int x, int y] => chosen[y * Width + x];

    /// <summary>All pixels.</summary>
    public static PixelMask Whole(int width, int height) => new(width, height, [.. Enumerable.Repeat(true, width * height)]);

    /// <summary>The pixels whose centres lie inside an outline (even-odd rule); what reaches beyond the picture is cut off.</summary>
    /// <param name="outline">Corners in order, as fractions of the picture.</param>
    public static PixelMask Of(IReadOnlyList<FacePoint> outline, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(outline);
        var chosen = new bool[width * height];
        for (var y = 0; y < height; y++)
        {
            var level = (y + 0.5) / height;
            var crossings = new List<double>();
            for (var i = 0; i < outline.Count; i++)
            {
                var (a, b) = (outline[i], outline[(i + 1) % outline.Count]);
                if (a.Y <= level != b.Y <= level) crossings.Add((a.X + (level - a.Y) / (b.Y - a.Y) * (b.X - a.X)) * width);
            }

            crossings.Sort();
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var (from, to) = (Math.Max(0, (int)Math.Ceiling(crossings[i] - 0.5)), Math.Min(width - 1, (int)Math.Ceiling(crossings[i + 1] - 0.5) - 1));
                for (var x = from; x <= to; x++) chosen[y * width + x] = true;
            }
        }

        return new PixelMask(width, height, chosen);
    }

    /// <summary>The pixels of either.</summary>
    public PixelMask Or(PixelMask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if ((other.Width, other.Height) != (Width, Height)) throw new ArgumentException("Both masks have to belong to pictures of one size.", nameof(other));
        return new PixelMask(Width, Height, [.. chosen.Zip(other.chosen, (a, b) => a || b)]);
    }

    /// <summary>All the other pixels.</summary>
    public PixelMask Inverted() => new(Width, Height, Array.ConvertAll(chosen, isChosen => !isChosen));

    /// <summary>The same shape elsewhere in the picture, whole: of several places drawn, the one that shares the fewest pixels with this one. A control of equal area.</summary>
    public PixelMask Elsewhere(Pcg32 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (Area == 0) return this;
        var (left, top, right, bottom) = Bounds();
        var best = (Shared: int.MaxValue, Mask: this);
        for (var draw = 0; draw < 8 && best.Shared > 0; draw++)
        {
            var (byX, byY) = (random.NextInt(Width - (right - left)) - left, random.NextInt(Height - (bottom - top)) - top);
            var moved = new bool[chosen.Length];
            var shared = 0;
            for (var y = top; y <= bottom; y++)
                for (var x = left; x <= right; x++)
                    if (chosen[y * Width + x])
                    {
                        var place = (y + byY) * Width + x + byX;
                        moved[place] = true;
                        if (chosen[place]) shared++;
                    }

            if (shared < best.Shared) best = (shared, new PixelMask(Width, Height, moved));
        }

        return best.Mask;
    }

    private (int Left, int Top, int Right, int Bottom) Bounds()
    {
        var (left, top, right, bottom) = (Width, Height, -1, -1);
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                if (chosen[y * Width + x]) (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        return (left, top, right, bottom);
    }
}
