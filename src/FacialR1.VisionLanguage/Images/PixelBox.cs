namespace FacialR1.VisionLanguage.Images;

/// <summary>An upright rectangle in whole pixels. It may reach beyond the picture it refers to.</summary>
/// <param name="Left">First column, 0 at the left edge of the picture.</param>
/// <param name="Top">First row, 0 at the upper edge of the picture.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelBox(int Left, int Top, int Width, int Height)
{
    /// <summary>The first column to the right of the box.</summary>
    public int Right => Left + Width;

    /// <summary>The first row below the box.</summary>
    public int Bottom => Top + Height;

    /// <summary>Width × height.</summary>
    public long Area => (long)Width * Height;
}
