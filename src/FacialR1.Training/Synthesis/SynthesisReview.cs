using System.Text.Json.Nodes;

namespace FacialR1.Training.Synthesis;

/// <summary>What a person decided about one synthesised answer.</summary>
public enum ReviewDecision { Accept, Reject, Edit, Undo }

/// <summary>A line of <c>reviews.jsonl</c>. The last line of a sample and round wins; undo gives the rule's own verdict back.</summary>
/// <param name="Text">The corrected answer; only for an edit.</param>
public sealed record SynthesisReview(string Sample, int Round, ReviewDecision Decision, string? Text, DateTimeOffset Time)
{
    public const string FileName = "reviews.jsonl";

    /// <summary>All decisions of a run folder, oldest first; none where there is no file.</summary>
    /// <exception cref="Data.DataFormatException">A line cannot be read; the message names it.</exception>
    public static IReadOnlyList<SynthesisReview> ReadAll(string folder) => JsonLines.Read(Path.Combine(folder, FileName), Parse);

    /// <summary>The decision that counts for each sample and round; those that were undone are not there.</summary>
    public static IReadOnlyDictionary<(string Sample, int Round), SynthesisReview> InForce(IEnumerable<SynthesisReview> reviews)
    {
        var inForce = new Dictionary<(string, int), SynthesisReview>();
        foreach (var review in reviews)
            if (review.Decision == ReviewDecision.Undo) inForce.Remove((review.Sample, review.Round));
            else inForce[(review.Sample, review.Round)] = review;
        return inForce;
    }

    /// <summary>Adds decisions to a run folder. One writer at a time: a second one gets an <see cref="IOException"/>.</summary>
    /// <exception cref="ArgumentException">An edit without a text.</exception>
    public static void Append(string folder, params IReadOnlyList<SynthesisReview> reviews)
    {
        foreach (var review in reviews)
            if (review.Decision == ReviewDecision.Edit && string.IsNullOrWhiteSpace(review.Text)) throw new ArgumentException($"The edit of {review.Sample} has no text.", nameof(reviews));
        using var lines = new JsonLines(Path.Combine(folder, FileName));
        lines.Append(reviews.Select(review => review.ToJson()));
    }

    private JsonObject ToJson()
    {
        var line = new JsonObject { ["sample"] = Sample, ["round"] = Round, ["decision"] = Decision.ToString().ToLowerInvariant() };
        if (Text is not null) line["text"] = Text;
        line["time"] = Time.ToString("O");
        return line;
    }

    private static SynthesisReview Parse(JsonObject line)
    {
        var word = (string)line["decision"]!;
        if (word.Any(letter => !char.IsAsciiLetter(letter)) || !Enum.TryParse<ReviewDecision>(word, ignoreCase: true, out var decision))
            throw new FormatException($"the decision is '{word}'; accept, reject, edit and undo are known.");
        var text = (string?)line["text"];
        if (decision == ReviewDecision.Edit && string.IsNullOrWhiteSpace(text)) throw new FormatException("an edit has no text.");
        return new SynthesisReview((string)line["sample"]!, (int)line["round"]!, decision, text,
            DateTimeOffset.Parse((string)line["time"]!, System.Globalization.CultureInfo.InvariantCulture));
    }
}
