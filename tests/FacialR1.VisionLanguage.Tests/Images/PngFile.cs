using System.Buffers.Binary;
using System.IO.Compression;

namespace FacialR1.VisionLanguage.Tests.Images;

/// <summary>Writes PNG files byte by byte, so that tests can ask for types and headers that no encoder would write.</summary>
internal static class PngFile
{
    public const byte Grey = 0, Palette = 3, GreyAlpha = 4, RgbAlpha = 6;

    /// <param name="samples">Rows of samples, 8 bits each, without filter bytes.</param>
    public static byte[] Write(int width, int height, byte colourType, byte[] samples, byte[]? palette = null, byte[]? paletteAlpha = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colourType);
        Chunk(file, "IHDR"u8, header);
        if (palette is not null) Chunk(file, "PLTE"u8, palette);
        if (paletteAlpha is not null) Chunk(file, "tRNS"u8, paletteAlpha);
        using (var packed = new MemoryStream())
        {
            using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                foreach (var row in samples.Chunk(Math.Max(samples.Length / Math.Max(height, 1), 1)).Take(samples.Length == 0 ? 0 : height))
                {
                    zlib.WriteByte(0);
                    zlib.Write(row);
                }
            Chunk(file, "IDAT"u8, packed.ToArray());
        }
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] body = [.. name, .. content];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
