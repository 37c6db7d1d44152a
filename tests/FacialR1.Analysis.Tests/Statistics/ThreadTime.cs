using System.Diagnostics;
using System.Globalization;

namespace FacialR1.Analysis.Tests.Statistics;

/// <summary>Time this thread spent on a core, so that a busy machine does not fail a test about speed. Elapsed time where Linux does not offer it.</summary>
internal static class ThreadTime
{
    private const string Statistics = "/proc/thread-self/schedstat";   // first number: nanoseconds on a core

    public static TimeSpan Of(Action work)
    {
        var start = Now();
        work();
        return Now() - start;
    }

    private static TimeSpan Now() => File.Exists(Statistics)
        ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(Statistics).Split(' ')[0], CultureInfo.InvariantCulture) / 1000)
        : Stopwatch.GetElapsedTime(0);
}
