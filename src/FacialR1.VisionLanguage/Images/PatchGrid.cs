namespace FacialR1.VisionLanguage.Images;

/// <summary>How many patches a picture has along time, height and width (<c>image_grid_thw</c> of the reference).</summary>
/// <param name="Time">Frames after temporal patching; 1 for a still picture.</param>
/// <param name="Height">Patches from top to bottom, a multiple of the merge size.</param>
/// <param name="Width">Patches from left to right, a multiple of the merge size.</param>
public readonly record struct PatchGrid(int Time, int Height, int Width)
{
    /// <summary>All patches.</summary>
    public int Patches => Time * Height * Width;

    /// <summary>Visual tokens after merging <paramref name="mergeSize"/> × <paramref name="mergeSize"/> patches.</summary>
    public int Tokens(int mergeSize) => Patches / (mergeSize * mergeSize);
}
