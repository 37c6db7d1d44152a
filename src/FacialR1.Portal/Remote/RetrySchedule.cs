namespace FacialR1.Portal.Remote;

/// <summary>How long to wait before a request is made again.</summary>
public static class RetrySchedule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5), Longest = TimeSpan.FromSeconds(30);

    /// <summary>Doubles from half a second up to 30 s, half of it fixed and half drawn, so that many who failed together do not come back together. Never before the server said.</summary>
    /// <param name="attempt">0 after the first failure.</param>
    /// <param name="draw">Uniform in [0, 1).</param>
    /// <param name="serverSays">From Retry-After; null when it says nothing.</param>
    public static TimeSpan Delay(int attempt, double draw, TimeSpan? serverSays)
    {
        var full = Math.Min(First.TotalSeconds * Math.Pow(2, attempt), Longest.TotalSeconds);
        var own = TimeSpan.FromSeconds(full / 2 * (1 + draw));
        return serverSays is { } pause ? pause + (own - TimeSpan.FromSeconds(full / 2)) : own;
    }
}
