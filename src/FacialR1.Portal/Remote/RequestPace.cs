using System.Globalization;
using System.Net.Http.Headers;

namespace FacialR1.Portal.Remote;

/// <summary>When the next request to a server may start: after the pause it asked for, and not faster than configured. Shared by all requests to one model.</summary>
internal sealed class RequestPace(double requestsPerMinute, TimeProvider clock)
{
    private readonly TimeSpan spacing = requestsPerMinute > 0 ? TimeSpan.FromMinutes(1 / requestsPerMinute) : TimeSpan.Zero;
    private readonly Lock gate = new();
    private DateTimeOffset free = DateTimeOffset.MinValue, held = DateTimeOffset.MinValue;

    /// <summary>Takes the next place and waits for it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset start;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            start = free > now ? free : now;
            free = start + spacing;
        }

        // A pause may begin or grow while this one waits.
        while (Remaining() is { } left && left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken);

        TimeSpan? Remaining()
        {
            lock (gate) return (held > start ? held : start) - clock.GetUtcNow();
        }
    }

    /// <summary>Nobody starts before this pause is over.</summary>
    public void Hold(TimeSpan pause)
    {
        lock (gate)
        {
            var until = clock.GetUtcNow() + pause;
            if (until > held) held = until;
        }
    }

    /// <summary>The pause a response asks for: Retry-After in seconds or as a date.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>What a server in OpenAI's manner says ahead: no request left until a limit is lifted. Null when some are left or nothing is said.</summary>
    public static TimeSpan? UsedUp(HttpResponseHeaders headers)
    {
        foreach (var kind in (string[])["requests", "tokens"])
            if (Value($"x-ratelimit-remaining-{kind}") == "0" && Duration(Value($"x-ratelimit-reset-{kind}")) is { } pause) return pause;
        return null;

        string? Value(string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
    }

    /// <summary>"1s", "6m0s", "20ms" or plain seconds.</summary>
    internal static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var plain)) return TimeSpan.FromSeconds(Math.Min(plain, 86_400));
        var seconds = 0.0;
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.')) end++;
            if (!double.TryParse(text.AsSpan(at, end - at), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
            at = end;
            while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
            var unit = text[at..end] switch { "ms" => 0.001, "s" => 1.0, "m" => 60, "h" => 3600, "d" => 86_400, _ => double.NaN };
            if (double.IsNaN(unit)) return null;
            seconds += number * unit;
            at = end;
        }
        return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
    }
}
