using System.Globalization;
using System.Text.Json;

namespace FacialR1.Portal.Features.Training.Runs;

/// <summary>One line of <c>events.jsonl</c>.</summary>
/// <param name="Sequence">1 for the first; 0 where the line has none.</param>
/// <param name="Kind">step, validation, started, checkpoint, completed, stopped, failed, …</param>
/// <param name="Phase">Empty where the run has no phases.</param>
/// <param name="Step">Null where the event belongs to no step.</param>
/// <param name="Steps">Steps of the phase in all; null when unknown.</param>
/// <param name="Values">Finite numbers by series name.</param>
/// <param name="Text">What else the line says, as "name value"; empty for steps.</param>
public sealed record EventLine(
    long Sequence, DateTimeOffset Time, string Kind, string Phase, long? Step, long? Steps, IReadOnlyList<KeyValuePair<string, double>> Values, string Text)
{
    /// <summary>Reads a line; null when it is not a whole event, which the caller counts and reports.</summary>
    public static EventLine? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            var (sequence, kind, phase) = (0L, "", "");
            (DateTimeOffset? time, long? step, long? steps) = (null, null, null);
            var values = new List<KeyValuePair<string, double>>();
            List<string>? text = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                switch (name, reader.TokenType)
                {
                    case ("sequence", JsonTokenType.Number): sequence = reader.GetInt64(); break;
                    case ("time", JsonTokenType.String): time = DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal); break;
                    case ("kind", JsonTokenType.String): kind = reader.GetString()!; break;
                    case ("phase", JsonTokenType.String): phase = reader.GetString()!; break;
                    case ("step", JsonTokenType.Number): step = reader.GetInt64(); break;
                    case ("steps", JsonTokenType.Number): steps = reader.GetInt64(); break;
                    case (_, JsonTokenType.Number):
                        if (reader.TryGetDouble(out var number) && double.IsFinite(number)) values.Add(new(name, number));
                        break;
                    case (_, JsonTokenType.String): (text ??= []).Add($"{name} {reader.GetString()}"); break;
                    case (_, JsonTokenType.StartObject or JsonTokenType.StartArray): reader.Skip(); break;
                }
            }
            return time is null || kind.Length == 0 ? null : new EventLine(sequence, time.Value, kind, phase, step, steps, values, text is null ? "" : string.Join(", ", text));
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException) { return null; }
    }

}
