namespace FacialR1.VisionLanguage.Images;

/// <summary>The size of a picture in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height);
