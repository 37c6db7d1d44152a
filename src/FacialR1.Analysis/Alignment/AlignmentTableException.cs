using System.Text.Json;

namespace FacialR1.Analysis.Alignment;

/// <summary>A table of the alignment cannot be used. The message says which and why.</summary>
public sealed class AlignmentTableException : Exception
{
    public AlignmentTableException(string message) : base(message) { }

    public AlignmentTableException(string message, Exception innerException) : base(message, innerException) { }

    internal static T Guard<T>(string table, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new AlignmentTableException($"The table of {table} cannot be read: {error.Message} Restore it from the repository or mend it.", error);
        }
    }
}
