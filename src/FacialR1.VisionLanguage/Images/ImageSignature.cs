namespace FacialR1.VisionLanguage.Images;

/// <summary>Recognises, by their first bytes, files that people upload often but that the decoder does not read, so that the message can name them.</summary>
internal static class ImageSignature
{
    private static readonly string[] HeicBrands = ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"];

    /// <summary>The name of a known type that is not read here, or null.</summary>
    public static string? UnsupportedType(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 12 && bytes[4..8].SequenceEqual("ftyp"u8))
        {
            var brand = System.Text.Encoding.ASCII.GetString(bytes[8..12]);
            if (brand.StartsWith("avi", StringComparison.Ordinal)) return "an AVIF picture";
            return HeicBrands.Contains(brand) ? "a HEIC picture" : "a video";
        }
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)) return "a TIFF or raw camera picture";
        if (bytes.StartsWith("%PDF"u8)) return "a PDF document";
        if (bytes.StartsWith("8BPS"u8)) return "a Photoshop document";
        if (bytes.StartsWith("\0\0\0\u000CjP  "u8) || bytes.StartsWith<byte>([0xFF, 0x4F, 0xFF, 0x51])) return "a JPEG 2000 picture";
        if (bytes.StartsWith<byte>([0xFF, 0x0A]) || bytes.StartsWith("\0\0\0\u000CJXL "u8)) return "a JPEG XL picture";
        if (bytes.StartsWith<byte>([0x1A, 0x45, 0xDF, 0xA3])) return "a video";
        var head = bytes[..Math.Min(bytes.Length, 512)];
        return head.IndexOf("<svg"u8) >= 0 ? "an SVG drawing" : null;
    }
}
