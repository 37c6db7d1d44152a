using System.Globalization;

namespace FacialR1.Portal.Features.Results;

/// <summary>Numbers as the pages write them.</summary>
public static class Figures
{
    /// <summary>"87.3 %", "&lt; 0.1 %" for what would look like nothing.</summary>
    public static string Percent(double share) => share is > 0 and < 0.0005 ? "< 0.1 %" : Format($"{share * 100:0.0} %");

    /// <summary>"87.30%", as a style wants it.</summary>
    public static string CssPercent(double share) => Format($"{Math.Clamp(share, 0, 1) * 100:0.##}%");

    /// <summary>"85 ms", "1.24 s", "–" when unknown.</summary>
    public static string Duration(double? seconds) => seconds switch
    {
        null => "–",
        < 1 => Format($"{seconds.Value * 1000:0} ms"),
        < 60 => Format($"{seconds.Value:0.00} s"),
        _ => Format($"{Math.Floor(seconds.Value / 60):0} min {seconds.Value % 60:0} s"),
    };

    /// <summary>"118 tokens/s", "–" when unknown.</summary>
    public static string Rate(double? perSecond) => perSecond is { } rate ? Format($"{rate:0} tokens/s") : "–";

    /// <summary>"7.4 MB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => Format($"{bytes} bytes"),
        < 1024 * 1024 => Format($"{bytes / 1024.0:0.#} KB"),
        < 1024L * 1024 * 1024 => Format($"{bytes / (1024.0 * 1024):0.#} MB"),
        _ => Format($"{bytes / (1024.0 * 1024 * 1024):0.##} GB"),
    };

    /// <summary>"6.5 million", "3.75 billion".</summary>
    public static string Count(long count) => count switch
    {
        < 1_000_000 => Format($"{count:N0}"),
        < 1_000_000_000 => Format($"{count / 1e6:0.0} million"),
        _ => Format($"{count / 1e9:0.00} billion"),
    };

    /// <summary>"23 Nov 2026, 18:47 UTC": one form for everybody, because the server does not know the visitor's clock.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Format(FormattableString text) => FormattableString.Invariant(text);
}
