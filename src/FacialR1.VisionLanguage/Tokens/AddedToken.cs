namespace FacialR1.VisionLanguage.Tokens;

/// <summary>A piece of text that is one token whatever stands around it, such as <c>&lt;|im_end|&gt;</c> or <c>&lt;think&gt;</c>.</summary>
/// <param name="Id">Its id, after those of the byte-pair vocabulary.</param>
/// <param name="Content">The text, compared character by character.</param>
/// <param name="IsSpecial">Special tokens steer the model (turns, images): untrusted text must not produce them, readers do not want to see them.</param>
/// <param name="IsNormalized">Looked for after Unicode normalisation instead of before.</param>
public sealed record AddedToken(int Id, string Content, bool IsSpecial, bool IsNormalized = false);
