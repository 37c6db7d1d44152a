namespace FacialR1.Portal.Features.Markdown;

/// <summary>A paragraph-level part of a text in the Markdown subset of model cards.</summary>
public abstract record MarkdownBlock;

/// <param name="Level">1 to 6.</param>
public sealed record HeadingBlock(int Level, IReadOnlyList<MarkdownSpan> Text) : MarkdownBlock;

public sealed record ParagraphBlock(IReadOnlyList<MarkdownSpan> Text) : MarkdownBlock;

public sealed record CodeBlock(string Text) : MarkdownBlock;

public sealed record ListBlock(bool IsNumbered, IReadOnlyList<IReadOnlyList<MarkdownSpan>> Items) : MarkdownBlock;

public sealed record TableBlock(IReadOnlyList<IReadOnlyList<MarkdownSpan>> Header, IReadOnlyList<IReadOnlyList<IReadOnlyList<MarkdownSpan>>> Rows) : MarkdownBlock;

/// <summary>Words with one look.</summary>
/// <param name="Link">An http(s) address; null for plain words.</param>
public sealed record MarkdownSpan(string Text, MarkdownLook Look = MarkdownLook.Plain, string? Link = null);

/// <summary>How words look.</summary>
public enum MarkdownLook { Plain, Strong, Emphasis, Code }
