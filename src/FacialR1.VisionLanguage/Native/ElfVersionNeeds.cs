using System.Buffers.Binary;
using System.Text;

namespace FacialR1.VisionLanguage.Native;

/// <summary>Edits the version-need table of a 64-bit little-endian ELF file (System V ABI, Linux symbol versioning).</summary>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeed = 0x6ffffffe;   // SHT_GNU_verneed
    private const ushort FlagWeak = 2;                        // VER_FLG_WEAK

    /// <summary>Marks every need of <paramref name="version"/> as weak, so that a missing version warns instead of failing.</summary>
    /// <returns>False when the file is not such an ELF file, is cut short or has no such need.</returns>
    public static bool MarkWeak(Span<byte> elf, string version)
    {
        try
        {
            return Mark(elf, version);
        }
        catch (ArgumentOutOfRangeException)   // a table that points outside the file
        {
            return false;
        }
    }

    private static bool Mark(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..4].SequenceEqual("\u007fELF"u8) || elf[4] != 2 || elf[5] != 1) return false;

        var sections = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]);
        var (sectionSize, sectionCount) = (ReadUInt16(elf, 0x3A), ReadUInt16(elf, 0x3C));
        var marked = false;
        for (var index = 0; index < sectionCount; index++)
        {
            var header = elf.Slice(sections + index * sectionSize, sectionSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != SectionTypeVersionNeed) continue;

            var linked = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]);
            var names = (int)BinaryPrimitives.ReadUInt64LittleEndian(elf[(sections + linked * sectionSize + 0x18)..]);
            marked |= MarkInSection(elf, (int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]), names, version);
        }

        return marked;
    }

    private static bool MarkInSection(Span<byte> elf, int section, int names, string version)
    {
        var marked = false;
        for (int need = section, next = -1; next != 0; need += next)
        {
            var count = ReadUInt16(elf, need + 2);
            var entry = need + (int)ReadUInt32(elf, need + 8);
            for (var index = 0; index < count; index++)
            {
                if (Name(elf, names + (int)ReadUInt32(elf, entry + 8)) == version)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(entry + 4)..], (ushort)(ReadUInt16(elf, entry + 4) | FlagWeak));
                    marked = true;
                }

                entry += (int)ReadUInt32(elf, entry + 12);
            }

            next = (int)ReadUInt32(elf, need + 12);
        }

        return marked;
    }

    private static ushort ReadUInt16(Span<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint ReadUInt32(Span<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static string Name(Span<byte> bytes, int offset)
    {
        var tail = bytes[offset..];
        return Encoding.ASCII.GetString(tail[..tail.IndexOf((byte)0)]);
    }
}
