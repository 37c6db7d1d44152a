namespace FacialR1.Analysis.Facs;

/// <summary>The part of the face where an action unit shows, from top to bottom.</summary>
public enum FaceRegion { Brow, Eye, Cheek, Nose, UpperLip, LipCorner, Lips, LowerLip, Tongue, Jaw, Chin, Neck }
