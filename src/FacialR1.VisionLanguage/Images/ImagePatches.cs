namespace FacialR1.VisionLanguage.Images;

/// <summary>A picture as the vision tower reads it (<c>pixel_values</c> of the reference).</summary>
/// <param name="Values">[patches, patch length], row by row: merge cells in reading order, the patches of a cell in reading order; inside a patch channel, frame, row, column.</param>
/// <param name="Grid">Patches along time, height, width.</param>
/// <param name="PatchLength">Numbers in one patch: 3 × frames × side × side.</param>
public sealed record ImagePatches(float[] Values, PatchGrid Grid, int PatchLength);
