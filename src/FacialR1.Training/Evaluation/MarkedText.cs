namespace FacialR1.Training.Evaluation;

/// <summary>A part of a document that a command writes, between <c>&lt;!-- results:name --&gt;</c> and <c>&lt;!-- /results:name --&gt;</c>; everything else is left alone.</summary>
public static class MarkedText
{
    /// <summary>The document with another part; a document without the markers gets them at its end.</summary>
    /// <param name="document">Whole text.</param>
    /// <param name="name">Of the part.</param>
    /// <param name="content">What comes between the markers.</param>
    /// <exception cref="FormatException">Only one of the two markers is there, or they are in the wrong order.</exception>
    public static string Replace(string document, string name, string content)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(content);
        var (open, close) = ($"<!-- results:{name} -->", $"<!-- /results:{name} -->");
        var part = $"{open}\n{content.Trim('\n')}\n{close}";
        var (from, to) = (document.IndexOf(open, StringComparison.Ordinal), document.IndexOf(close, StringComparison.Ordinal));
        if (from < 0 && to < 0) return $"{document.TrimEnd('\n')}\n\n{part}\n";
        if (from < 0 || to < from) throw new FormatException($"The markers {open} and {close} must both be there, in this order.");
        return document[..from] + part + document[(to + close.Length)..];
    }
}
