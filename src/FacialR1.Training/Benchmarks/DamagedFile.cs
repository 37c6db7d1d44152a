using FacialR1.Analysis.Statistics;

namespace FacialR1.Training.Benchmarks;

/// <summary>Files as they come from broken disks, interrupted downloads and people who try things.</summary>
public static class DamagedFile
{
    /// <summary>A copy with one to three kinds of damage: changed, missing, added or repeated bytes, at the head more often than elsewhere. The same numbers give the same file.</summary>
    public static byte[] Of(byte[] file, Pcg32 random)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(random);
        List<byte> damaged = [.. file];
        for (var kinds = 1 + random.NextInt(3); kinds > 0 && damaged.Count > 0; kinds--) Damage(damaged, random);
        return [.. damaged];
    }

    private static void Damage(List<byte> file, Pcg32 random)
    {
        var at = random.NextInt(2) == 0 ? random.NextInt(Math.Min(512, file.Count)) : random.NextInt(file.Count);
        var length = Math.Min(1 + random.NextInt(256), file.Count - at);
        switch (random.NextInt(6))
        {
            case 0: for (var i = 0; i < length; i += 8) file[at + i] ^= (byte)(1 << random.NextInt(8)); break;
            case 1: for (var i = 0; i < Math.Min(4, length); i++) file[at + i] = (byte)random.NextInt(256); break;
            case 2: for (var i = 0; i < length; i++) file[at + i] = 0xFF; break;
            case 3: file.RemoveRange(at, length); break;
            case 4: file.InsertRange(at, file.GetRange(at, length)); break;
            default: file.RemoveRange(at, file.Count - at); break;
        }
    }
}
