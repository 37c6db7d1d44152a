using FacialR1.VisionLanguage.Native;
using TorchSharp;

namespace FacialR1.VisionLanguage.Tests.Checkpoints;

/// <summary>The one-flag edit that lets the native library load beside an older libstdc++.</summary>
public sealed class ElfVersionNeedsTests
{
    private const string Missing = "GLIBCXX_3.4.32";
    private static string Library => Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();

    [SkippableFact]
    public void The_copy_differs_in_one_flag_only()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the library is an ELF file on Linux only");
        var (shipped, marked) = (File.ReadAllBytes(Library), File.ReadAllBytes(Library));

        Assert.True(ElfVersionNeeds.MarkWeak(marked, Missing));

        var place = shipped.AsSpan().CommonPrefixLength(marked);
        Assert.True(shipped.AsSpan(place + 1).SequenceEqual(marked.AsSpan(place + 1)), "more than one byte differs");
        Assert.Equal((0, 2), (shipped[place], marked[place]));
        // vna_flags stands at byte 4 of its entry, behind the hash of the version's name (System V ABI hash).
        Assert.Equal(Hash(Missing), BitConverter.ToUInt32(marked, place - 4));
    }

    [SkippableFact]
    public void Marking_twice_changes_nothing_more()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the library is an ELF file on Linux only");
        var marked = File.ReadAllBytes(Library);
        ElfVersionNeeds.MarkWeak(marked, Missing);
        var again = marked.ToArray();
        Assert.True(ElfVersionNeeds.MarkWeak(again, Missing));
        Assert.True(marked.AsSpan().SequenceEqual(again));
    }

    [SkippableFact]
    public void A_version_that_is_not_needed_is_not_marked()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the library is an ELF file on Linux only");
        var (shipped, untouched) = (File.ReadAllBytes(Library), File.ReadAllBytes(Library));
        Assert.False(ElfVersionNeeds.MarkWeak(untouched, "GLIBCXX_9.9.99"));
        Assert.True(shipped.AsSpan().SequenceEqual(untouched));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(5000)]
    public void Anything_but_an_elf_file_is_refused(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        if (length > 0) bytes[0] = (byte)'M';
        Assert.False(ElfVersionNeeds.MarkWeak(bytes, Missing));
    }

    [Fact]
    public void A_32_bit_or_big_endian_file_is_refused()
    {
        byte[] Header(byte width, byte order) => [0x7f, (byte)'E', (byte)'L', (byte)'F', width, order, .. new byte[100]];
        Assert.False(ElfVersionNeeds.MarkWeak(Header(1, 1), Missing));
        Assert.False(ElfVersionNeeds.MarkWeak(Header(2, 2), Missing));
    }

    [SkippableTheory]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void A_library_that_was_cut_short_is_refused(int length)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the library is an ELF file on Linux only");
        Assert.False(ElfVersionNeeds.MarkWeak(File.ReadAllBytes(Library).AsSpan(0, length), Missing));
    }

    [Fact]
    public void The_native_library_is_loaded_before_the_first_tensor()
    {
        Assert.NotEmpty(TorchLibrary.EnsureLoaded());
        using var one = torch.ones(1);
        Assert.Equal(1f, one.item<float>());
    }

    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}
