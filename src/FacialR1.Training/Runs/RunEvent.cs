using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FacialR1.Training.Runs;

/// <summary>One line of <c>events.jsonl</c>.</summary>
/// <param name="Sequence">1 for the first event of the run; without gaps unless a line was damaged.</param>
/// <param name="Time">When it was written; for runs of other trainers, the time they gave.</param>
/// <param name="Kind">started, resumed, restored, step, checkpoint, validation, paused, continued, finished_early, stopped, completed, failed, repaired, diverged, …</param>
/// <param name="Phase">Name of the phase, where the event belongs to one.</param>
/// <param name="Step">Steps done in that phase.</param>
/// <param name="Steps">Steps of that phase in all.</param>
/// <param name="Values">Named numbers. Null where a number was logged that is not finite.</param>
/// <param name="Texts">Everything else that the line holds, as text: <c>error</c>, <c>reason</c>, ….</param>
public sealed record RunEvent(
    long Sequence, DateTimeOffset Time, string Kind, string? Phase, long? Step, long? Steps, IReadOnlyDictionary<string, double?> Values, IReadOnlyDictionary<string, string> Texts)
{
    private static readonly Dictionary<string, string> NoTexts = [];

    /// <summary>Reads a line.</summary>
    /// <param name="line">UTF-8, without the line break.</param>
    /// <returns>False when the line is no event: cut short, damaged, without sequence, time or kind.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out RunEvent? read)
    {
        read = null;
        try
        {
            var json = new Utf8JsonReader(line);
            return json.Read() && json.TokenType == JsonTokenType.StartObject && TryReadFields(ref json, out read);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static bool TryReadFields(ref Utf8JsonReader json, [NotNullWhen(true)] out RunEvent? read)
    {
        read = null;
        var (sequence, time, kind, phase) = (0L, default(DateTimeOffset?), default(string), default(string));
        long? step = null, steps = null;
        var values = new Dictionary<string, double?>();
        Dictionary<string, string>? texts = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            switch (name)
            {
                case "sequence": sequence = json.GetInt64(); break;
                case "time": time = json.GetDateTimeOffset(); break;
                case "kind": kind = json.GetString(); break;
                case "phase": phase = json.GetString(); break;
                case "step" when json.TokenType == JsonTokenType.Number: step = json.GetInt64(); break;
                case "steps" when json.TokenType == JsonTokenType.Number: steps = json.GetInt64(); break;
                case var _ when json.TokenType == JsonTokenType.Number: values[name] = json.TryGetDouble(out var number) && double.IsFinite(number) ? number : null; break;
                case var _ when json.TokenType == JsonTokenType.Null: values[name] = null; break;
                default: (texts ??= [])[name] = TextOf(ref json); break;
            }
        }

        // Bytes behind the closing brace mean two lines that ran into each other.
        if (json.TokenType != JsonTokenType.EndObject || json.Read() || sequence < 1 || kind is null || time is null) return false;
        read = new RunEvent(sequence, time.Value, kind, phase, step, steps, values, texts ?? NoTexts);
        return true;
    }

    private static string TextOf(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return json.GetString()!;
        using var value = JsonDocument.ParseValue(ref json);
        return value.RootElement.GetRawText();
    }

    /// <summary>Text that reads well in a log: kind, place and the first numbers.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Sequence} {Kind}");
        if (Phase is not null) text.Append(CultureInfo.InvariantCulture, $" {Phase}");
        if (Step is not null) text.Append(CultureInfo.InvariantCulture, $" {Step}");
        if (Steps is not null) text.Append(CultureInfo.InvariantCulture, $"/{Steps}");
        foreach (var (name, value) in Values) text.Append(CultureInfo.InvariantCulture, $" {name}={value?.ToString("G6", CultureInfo.InvariantCulture) ?? "not finite"}");
        foreach (var (name, value) in Texts) text.Append(CultureInfo.InvariantCulture, $" {name}=\"{value}\"");
        return text.ToString();
    }
}
