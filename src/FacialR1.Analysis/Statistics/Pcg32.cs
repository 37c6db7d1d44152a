namespace FacialR1.Analysis.Statistics;

/// <summary>
/// The one random generator of the project: PCG-XSH-RR 64/32 (O'Neill 2014). The same seed and stream give the same
/// numbers on every runtime and machine, which <see cref="Random"/> does not promise.
/// </summary>
/// <remarks>Not safe for concurrent use, not for secrets. Generators with different streams are independent.</remarks>
public sealed class Pcg32
{
    private const ulong Multiplier = 6364136223846793005UL;
    private readonly ulong increment;
    private ulong state;

    /// <param name="seed">Where on the cycle to start.</param>
    /// <param name="stream">Which of 2^63 cycles; only the low 63 bits count.</param>
    public Pcg32(ulong seed, ulong stream = 0)
    {
        increment = (stream << 1) | 1;
        NextUInt();
        state += seed;
        NextUInt();
    }

    private Pcg32(Pcg32State saved) => (state, increment) = (saved.State, saved.Increment);

    /// <summary>Everything needed to go on later with the same numbers.</summary>
    public Pcg32State Save() => new(state, increment);

    /// <summary>A generator that goes on where <see cref="Save"/> was called.</summary>
    /// <exception cref="ArgumentException">The increment is even, so the state was not made by <see cref="Save"/>.</exception>
    public static Pcg32 Restore(Pcg32State saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        if ((saved.Increment & 1) == 0)
            throw new ArgumentException("The increment of a saved generator is odd; this state is damaged. Start from a seed instead.", nameof(saved));
        return new Pcg32(saved);
    }

    /// <summary>Uniform over all 32-bit values.</summary>
    public uint NextUInt()
    {
        var old = state;
        state = unchecked(old * Multiplier + increment);
        var xorShifted = (uint)(((old >> 18) ^ old) >> 27);
        return uint.RotateRight(xorShifted, (int)(old >> 59));
    }

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    public double NextDouble()
    {
        var high = (ulong)(NextUInt() >> 5);
        var low = (ulong)(NextUInt() >> 6);
        return ((high << 26) | low) * (1.0 / (1UL << 53));
    }

    /// <summary>Uniform in [0, <paramref name="bound"/>), without modulo bias (Lemire 2019: multiply, reject the short slice).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var product = (ulong)NextUInt() * range;
        if ((uint)product < range)
        {
            var threshold = unchecked(0u - range) % range;
            while ((uint)product < threshold) product = (ulong)NextUInt() * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>The same numbers as calling <see cref="NextInt"/> for each place in turn, with the state in a register.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public void Fill(Span<int> values, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var threshold = unchecked(0u - range) % range;
        var (position, step) = (state, increment);
        for (var index = 0; index < values.Length;)
        {
            var old = position;
            position = unchecked(old * Multiplier + step);
            var product = (ulong)uint.RotateRight((uint)(((old >> 18) ^ old) >> 27), (int)(old >> 59)) * range;
            // A product in the short slice is rejected: the place is filled by the next number.
            values[index] = (int)(product >> 32);
            if ((uint)product >= threshold) index++;
        }
        state = position;
    }

    /// <summary>Fisher–Yates: every order is equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}

/// <summary>The saved position of a <see cref="Pcg32"/>.</summary>
public sealed record Pcg32State(ulong State, ulong Increment);
