using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Faithfulness;

/// <summary>Where a response turns from reasoning to its answer.</summary>
public static class AnswerCue
{
    /// <summary>The tag after which the answer stands.</summary>
    public const string Tag = "<answer>";

    private const string Usual = "</think>\n" + Tag;

    /// <summary>The response up to and including its opened answer tag: what an answer is scored after. A response that never got there is given the usual turn.</summary>
    public static string TextUpTo(ReasoningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return EndOfTag(trace) is { } end ? trace.Text[..end] : trace.Text[..trace.ClaimArea.End] + BridgeOf(trace);
    }

    /// <summary>What stands between the reasoning and the answer of this response, ending with the opened tag.</summary>
    public static string BridgeOf(ReasoningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (EndOfTag(trace) is { } end && trace.ClaimArea.End <= end - Tag.Length) return trace.Text[trace.ClaimArea.End..end];
        return trace.Think is null ? "\n" + Tag : Usual;
    }

    private static int? EndOfTag(ReasoningTrace trace)
    {
        if (trace.Answer is not { } answer) return null;
        var tag = trace.Text.LastIndexOf(Tag, answer.Start, StringComparison.Ordinal);   // the answer's span has no white space around it
        return tag < 0 ? null : tag + Tag.Length;
    }
}
