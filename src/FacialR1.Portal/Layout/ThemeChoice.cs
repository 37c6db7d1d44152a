namespace FacialR1.Portal.Layout;

/// <summary>What the visitor wants: one palette, or whatever the device uses.</summary>
public enum ThemeChoice { System, Light, Dark }

public static class ThemeChoices
{
    /// <summary>Read by the server for the first paint and by <c>theme.js</c>; the names must stay the same in both.</summary>
    public const string Cookie = "facialr1-theme";

    public static ThemeChoice Parse(string? cookie) => Enum.TryParse<ThemeChoice>(cookie, ignoreCase: true, out var choice) && Enum.IsDefined(choice) ? choice : ThemeChoice.System;

    /// <summary>Value of the cookie: <c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public static string Name(this ThemeChoice choice) => choice.ToString().ToLowerInvariant();
}
