using MudBlazor;

namespace FacialR1.Portal.Layout;

/// <summary>
/// The look: ink blue on paper, dense and calm. Text and control colours keep a contrast of at least 4.5 : 1 on their surfaces in both
/// schemes; emotion and region colours are in the stylesheet, always beside a shape or a word.
/// </summary>
public static class PortalTheme
{
    private static readonly string[] Fonts = ["Roboto", "Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif"];

    /// <summary>Both palettes are always on the page; the <c>data-theme</c> attribute of the root element decides which one counts,
    /// so switching needs no round trip and the first paint is right.</summary>
    public static MudTheme For(ThemeScheme scheme) => new()
    {
        // MudBlazor writes a colon before it.
        PseudoCss = new PseudoCss { Scope = scheme == ThemeScheme.Dark ? "root[data-theme=dark]" : "root:not([data-theme=dark])" },
        PaletteLight = Light,
        PaletteDark = Dark,
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.9375rem", LineHeight = "1.5" },
            H1 = new H1Typography { FontFamily = Fonts, FontSize = "1.625rem", FontWeight = "500", LineHeight = "1.25", LetterSpacing = "-0.01em" },
            H2 = new H2Typography { FontFamily = Fonts, FontSize = "1.1875rem", FontWeight = "500", LineHeight = "1.35", LetterSpacing = "0" },
            H3 = new H3Typography { FontFamily = Fonts, FontSize = "1rem", FontWeight = "500", LineHeight = "1.4", LetterSpacing = "0" },
            Body1 = new Body1Typography { FontFamily = Fonts, FontSize = "0.9375rem", LineHeight = "1.55" },
            Body2 = new Body2Typography { FontFamily = Fonts, FontSize = "0.8438rem", LineHeight = "1.5" },
            Caption = new CaptionTypography { FontFamily = Fonts, FontSize = "0.7813rem", LineHeight = "1.45", LetterSpacing = "0.01em" },
            Button = new ButtonTypography { FontFamily = Fonts, FontSize = "0.875rem", FontWeight = "500", TextTransform = "none", LetterSpacing = "0.01em" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "216px", AppbarHeight = "56px" },
    };

    private static PaletteLight Light { get; } = new()
    {
        Primary = "#1d4f91", PrimaryContrastText = "#ffffff", Secondary = "#6b4e00", Tertiary = "#006b5e",
        Info = "#1d4f91", Success = "#1b6b3a", Warning = "#8a5300", Error = "#b3261e",
        Background = "#f6f7f9", Surface = "#ffffff", BackgroundGray = "#eceff3",
        AppbarBackground = "#ffffff", AppbarText = "#1b2430", DrawerBackground = "#ffffff", DrawerText = "#344152", DrawerIcon = "#4a5869",
        TextPrimary = "#1b2430", TextSecondary = "#4a5869", TextDisabled = "#697586",
        ActionDefault = "#4a5869", ActionDisabled = "#697586", ActionDisabledBackground = "#e3e7ec",
        Divider = "#d9dee5", LinesDefault = "#d9dee5", LinesInputs = "#7b8796", TableLines = "#e3e7ec", TableHover = "#f0f3f7",
    };

    private static PaletteDark Dark { get; } = new()
    {
        Primary = "#9cc3ff", PrimaryContrastText = "#0b1c33", Secondary = "#f0c674", SecondaryContrastText = "#2b2000", Tertiary = "#7fd6c6", TertiaryContrastText = "#00201b",
        Info = "#9cc3ff", InfoContrastText = "#0b1c33", Success = "#86d6a0", SuccessContrastText = "#04210f", Warning = "#f4bf75", WarningContrastText = "#2b1a00",
        Error = "#ffb4ab", ErrorContrastText = "#410002",
        Black = "#0d1117", Background = "#10151c", Surface = "#18202a", BackgroundGray = "#1f2934",
        AppbarBackground = "#18202a", AppbarText = "#e6ebf2", DrawerBackground = "#18202a", DrawerText = "#c4cedb", DrawerIcon = "#a7b4c4",
        TextPrimary = "#e6ebf2", TextSecondary = "#a9b6c6", TextDisabled = "#8a97a8",
        ActionDefault = "#a9b6c6", ActionDisabled = "#8a97a8", ActionDisabledBackground = "#2a3542",
        Divider = "#2d3845", LinesDefault = "#2d3845", LinesInputs = "#7d8b9c", TableLines = "#263140", TableHover = "#1f2934",
    };
}

/// <summary>One of the two palettes.</summary>
public enum ThemeScheme { Light, Dark }
