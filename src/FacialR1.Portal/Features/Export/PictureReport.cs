using System.Globalization;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Check;
using FacialR1.Portal.Features.ResponsibleUse;
using FacialR1.Portal.Features.Results;
using FacialR1.VisionLanguage.Images;
using SkiaSharp;

namespace FacialR1.Portal.Features.Export;

/// <summary>One analysis as a PNG: photo with box on the left; answer, probabilities, reasoning and claims on the right.</summary>
public static class PictureReport
{
    private const float Width = 1400, Margin = 40, PhotoWidth = 440, Gap = 40, TextLeft = Margin + PhotoWidth + Gap, TextWidth = Width - TextLeft - Margin;

    /// <summary>More lines than this would make a picture nobody can read; the rest is named as left out.</summary>
    private const int MostLines = 60;

    private static readonly SKColor Ink = new(0x1c, 0x1b, 0x1f), Quiet = new(0x5f, 0x5f, 0x66), Bar = new(0x1d, 0x4f, 0x91), Track = new(0xe3, 0xe6, 0xea);
    private static readonly SKColor Supported = new(0x1b, 0x7f, 0x3b), Contradicted = new(0xb3, 0x26, 0x1e), Open = new(0x6b, 0x6b, 0x6b);

    // Of our own: the native library finds no fonts of the system, and a server may have none.
    private static readonly Lazy<SKTypeface> Face = new(() =>
    {
        using var font = typeof(PictureReport).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(font);
    });

    /// <summary>An encoded PNG, 1400 pixels wide and as high as its words need.</summary>
    public static byte[] Of(AnalysisExport export)
    {
        ArgumentNullException.ThrowIfNull(export);
        // Measured first, drawn second, by the same code: on a canvas of no size nothing is painted.
        using var measuring = new SKBitmap(1, 1);
        using var nowhere = new SKCanvas(measuring);
        var height = (int)Math.Ceiling(Draw(nowhere, export, null));
        using var encodedPhoto = SKBitmap.Decode(ImageWriter.ToPng(export.Picture));
        using var bitmap = new SKBitmap(new SKImageInfo((int)Width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            Draw(canvas, export, encodedPhoto);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static float Draw(SKCanvas canvas, AnalysisExport export, SKBitmap? photo)
    {
        var scale = PhotoWidth / export.Picture.Width;
        var photoBottom = Margin + export.Picture.Height * scale;
        var place = SKRect.Create(Margin, Margin, PhotoWidth, export.Picture.Height * scale);
        if (photo is not null) canvas.DrawBitmap(photo, place, new SKSamplingOptions(SKCubicResampler.Mitchell));
        if (export.FaceBox is { } box)
        {
            var face = SKRect.Create(Margin + (float)box.X * scale, Margin + (float)box.Y * scale, (float)box.Width * scale, (float)box.Height * scale);
            Outline(canvas, face, SKColors.Black, 5);
            Outline(canvas, face, new SKColor(0xff, 0xd2, 0x4a), 3);
        }

        var (analysis, check) = (export.Analysis, export.Check);
        var caption = photoBottom + 12;
        foreach (var line in new[] { analysis.Photo!.OriginalName, $"Checkpoint {analysis.Checkpoint}", Figures.Time(analysis.CreatedAt), analysis.Photo.Credit })
            if (!string.IsNullOrEmpty(line)) caption = Paragraph(canvas, Margin, caption, PhotoWidth, 16, Quiet, line, 3);

        var y = Margin;
        var trace = check.Reading.Trace;
        y = Paragraph(canvas, TextLeft, y, TextWidth, 30, Ink, trace.Emotion?.Name() ?? (trace.AnswerText is { Length: > 0 } words ? $"“{words}”, none of the seven labels" : "No answer"), 2, bold: true) + 8;
        foreach (var emotion in Emotions.All.Where(_ => analysis.EmotionProbabilities.Count > 0))
        {
            var share = (float)analysis.EmotionProbabilities.GetValueOrDefault(emotion);
            Fill(canvas, SKRect.Create(TextLeft + 110, y + 6, 400, 12), Track);
            Fill(canvas, SKRect.Create(TextLeft + 110, y + 6, 400 * Math.Clamp(share, 0, 1), 12), Bar);
            Paragraph(canvas, TextLeft + 526, y, 100, 16, Ink, Figures.Percent(share), 1);
            y = Paragraph(canvas, TextLeft, y, 110, 16, Ink, emotion.Name(), 1, bold: emotion == trace.Emotion);
        }

        y = Paragraph(canvas, TextLeft, y + 20, TextWidth, 18, Ink, "Reasoning", 1, bold: true);
        y = Flow(canvas, TextLeft, y, TextWidth, 17, MostLines, [.. ReasoningPiece.Split(check).Select(piece => (piece.Text, Colour: piece.IsMention ? ColourOf(HtmlReport.WorstOf(piece.Claims)) : Ink, piece.IsMention))]);
        y = Paragraph(canvas, TextLeft, y + 20, TextWidth, 18, Ink, "Claims about action units", 1, bold: true);
        foreach (var claim in check.Claims.DistinctBy(claim => (claim.Claim.ActionUnit, claim.Claim.Polarity, claim.Verdict)))
        {
            Shape(canvas, TextLeft + 9, y + 12, claim.Verdict);
            var weight = claim.WeightForAnswer is { } value ? string.Create(CultureInfo.InvariantCulture, $", {(value < 0 ? "against" : "for")} the answer ({value:+0.00;−0.00;0.00})") : "";
            y = Paragraph(canvas, TextLeft + 28, y, TextWidth - 28, 17, Ink, $"{CheckText.Name(claim.Claim.ActionUnit)}: {CheckText.Words(claim.Claim.Polarity)}, {CheckText.Words(claim.Verdict)}{weight}", 2);
        }

        if (check.Claims.Count == 0) y = Paragraph(canvas, TextLeft, y, TextWidth, 17, Ink, "None was found.", 1);
        y = Paragraph(canvas, TextLeft, y + 6, TextWidth, 15, Quiet, HtmlReport.Evidence(check), 4);
        return Paragraph(canvas, Margin, Math.Max(y, caption) + 24, Width - 2 * Margin, 15, Quiet, RulesOfUse.Notice, 4) + Margin;
    }

    private static float Paragraph(SKCanvas canvas, float x, float y, float width, float size, SKColor colour, string text, int lines, bool bold = false) =>
        Flow(canvas, x, y, width, size, lines, [(text, colour, false)], bold);

    /// <summary>Sets words in lines from <paramref name="y"/> down and returns where the next line would begin.</summary>
    private static float Flow(SKCanvas canvas, float x, float y, float width, float size, int mostLines, IReadOnlyList<(string Text, SKColor Colour, bool Marked)> runs, bool bold = false)
    {
        using var font = new SKFont(Face.Value, size) { Embolden = bold, Subpixel = true };
        var (lineHeight, at, lines, space) = (size * 1.45f, x, 1, font.MeasureText(" "));
        foreach (var (text, colour, marked) in runs)
        {
            using var paint = new SKPaint { Color = colour, IsAntialias = true };
            var begin = 0;
            while (begin < text.Length)
            {
                if (char.IsWhiteSpace(text[begin]))
                {
                    at += at > x ? space : 0;
                    begin++;
                    continue;
                }

                var end = begin;
                while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
                // A word longer than a line is cut where the line ends.
                var fits = font.BreakText(text.AsSpan(begin, end - begin), width);
                if (fits > 0 && fits < end - begin) end = begin + fits;
                var word = text[begin..end];
                var length = font.MeasureText(word);
                if (at > x && at + length > x + width)
                {
                    (at, y) = (x, y + lineHeight);
                    if (++lines > mostLines)
                    {
                        canvas.DrawText("… the rest is left out of the picture.", x, y + size, SKTextAlign.Left, font, paint);
                        return y + lineHeight;
                    }
                }

                canvas.DrawText(word, at, y + size, SKTextAlign.Left, font, paint);
                if (marked) canvas.DrawRect(at, y + size + 3, length, 2, paint);
                (at, begin) = (at + length, end);
            }
        }

        return y + lineHeight;
    }

    private static SKColor ColourOf(Verdict verdict) => verdict switch { Verdict.Supported => Supported, Verdict.Contradicted => Contradicted, _ => Open };

    /// <summary>The shapes of the pages: round check, square cross, ring.</summary>
    private static void Shape(SKCanvas canvas, float x, float y, Verdict verdict)
    {
        using var fill = new SKPaint { Color = ColourOf(verdict), IsAntialias = true };
        using var line = new SKPaint { Color = verdict == Verdict.Unverifiable ? Open : SKColors.White, IsAntialias = true, IsStroke = true, StrokeWidth = 2 };
        if (verdict == Verdict.Supported)
        {
            canvas.DrawCircle(x, y, 8, fill);
            canvas.DrawLine(x - 4, y, x - 1, y + 3, line);
            canvas.DrawLine(x - 1, y + 3, x + 4, y - 3, line);
        }
        else if (verdict == Verdict.Contradicted)
        {
            canvas.DrawRect(x - 8, y - 8, 16, 16, fill);
            canvas.DrawLine(x - 4, y - 4, x + 4, y + 4, line);
            canvas.DrawLine(x - 4, y + 4, x + 4, y - 4, line);
        }
        else canvas.DrawCircle(x, y, 7, line);
    }

    private static void Outline(SKCanvas canvas, SKRect area, SKColor colour, float width)
    {
        using var paint = new SKPaint { Color = colour, IsStroke = true, StrokeWidth = width, IsAntialias = true };
        canvas.DrawRect(area, paint);
    }

    private static void Fill(SKCanvas canvas, SKRect area, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour };
        canvas.DrawRect(area, paint);
    }
}
