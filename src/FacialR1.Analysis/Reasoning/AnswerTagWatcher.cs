namespace FacialR1.Analysis.Reasoning;

/// <summary>Notices the token with which an answer completes its first <c>&lt;answer&gt;</c>, however the tag is cut into tokens.</summary>
public sealed class AnswerTagWatcher
{
    private static ReadOnlySpan<byte> Tag => "<answer>"u8;

    private readonly List<byte> recent = [];
    private bool wasFound;

    /// <summary>Takes the next token; true, once, for the one that completes the tag.</summary>
    /// <param name="used">How many bytes of this token belong to the tag or stand before its end.</param>
    public bool Push(ReadOnlySpan<byte> token, out int used)
    {
        used = 0;
        if (wasFound) return false;

        var before = recent.Count;
        recent.AddRange(token);
        var at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(recent).IndexOf(Tag);
        if (at < 0)
        {
            if (recent.Count >= Tag.Length) recent.RemoveRange(0, recent.Count - Tag.Length + 1);
            return false;
        }

        used = at + Tag.Length - before;
        return wasFound = true;
    }
}
