using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Unicode Normalization Form C (UAX #15).</summary>
/// <remarks>
/// The portal runs with invariant globalization so that it needs no ICU on the machine; there <see cref="string.Normalize()"/> returns its
/// input unchanged without a word, and "é" typed as two code points would become tokens the model has never seen. So the tables come with us.
/// </remarks>
internal static class CanonicalComposition
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28, HangulCount = LeadCount * VowelCount * TailCount;

    private static readonly Lazy<Mappings> Tables = new(ReadMappings);

    /// <summary>The text in Normalization Form C. Lone surrogates become U+FFFD.</summary>
    public static string Compose(string text)
    {
        // Everything below U+0300 is composed already and stands alone: most text ends here.
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0) return text;

        var points = Decompose(text, Tables.Value);
        ComposeInPlace(points, Tables.Value);

        var composed = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var point in points) composed.Append(units[..new Rune(point).EncodeToUtf16(units)]);
        return composed.ToString();
    }

    private static List<int> Decompose(string text, Mappings tables)
    {
        var points = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes()) AppendDecomposed(rune.Value, points, tables);
        OrderMarks(points, tables);
        return points;
    }

    private static void AppendDecomposed(int point, List<int> points, Mappings tables)
    {
        var hangul = point - HangulBase;
        if (hangul is >= 0 and < HangulCount)
        {
            points.Add(LeadBase + hangul / (VowelCount * TailCount));
            points.Add(VowelBase + hangul % (VowelCount * TailCount) / TailCount);
            if (hangul % TailCount != 0) points.Add(TailBase + hangul % TailCount);
        }
        else if (tables.Decompositions.TryGetValue(point, out var parts))
        {
            AppendDecomposed(parts.First, points, tables);
            if (parts.Second != 0) points.Add(parts.Second);   // only the first part of a canonical mapping may decompose again
        }
        else points.Add(point);
    }

    /// <summary>Sorts each run of combining marks by class, keeping the order of equal classes (canonical ordering).</summary>
    private static void OrderMarks(List<int> points, Mappings tables)
    {
        for (var start = 0; start < points.Count; start++)
        {
            if (tables.ClassOf(points[start]) == 0) continue;
            var end = start + 1;
            while (end < points.Count && tables.ClassOf(points[end]) != 0) end++;
            if (end - start > 1)
            {
                var ordered = points.GetRange(start, end - start).OrderBy(tables.ClassOf).ToList();
                for (var i = 0; i < ordered.Count; i++) points[start + i] = ordered[i];
            }
            start = end;   // the point at `end` is a starter
        }
    }

    private static void ComposeInPlace(List<int> points, Mappings tables)
    {
        int starter = -1, lastClass = 0, kept = 0;
        foreach (var point in points.ToArray())
        {
            var markClass = tables.ClassOf(point);
            var isBlocked = kept - 1 > starter && lastClass >= markClass;
            if (starter >= 0 && !isBlocked && tables.TryCompose(points[starter], point, out var composed))
            {
                points[starter] = composed;
                continue;
            }
            if (markClass == 0) starter = kept;
            lastClass = markClass;
            points[kept++] = point;
        }
        points.RemoveRange(kept, points.Count - kept);
    }

    private static Mappings ReadMappings()
    {
        using var stream = typeof(CanonicalComposition).Assembly.GetManifestResourceStream(typeof(CanonicalComposition), "CanonicalMappings.txt")
            ?? throw new InvalidOperationException("The embedded resource Tokens/CanonicalMappings.txt is missing from the build.");
        using var reader = new StreamReader(stream);

        var decompositions = new Dictionary<int, (int, int)>();
        var compositions = new Dictionary<(int, int), int>();
        var classes = new Dictionary<int, int>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var mark = line.AsSpan().IndexOfAny("=>:");
            if (line[mark] == ':')
            {
                var (first, last) = (ParseHex(line[..line.IndexOf('.')]), ParseHex(line[(line.LastIndexOf('.') + 1)..mark]));
                for (var point = first; point <= last; point++) classes[point] = int.Parse(line[(mark + 1)..], CultureInfo.InvariantCulture);
                continue;
            }
            var parts = line[(mark + 1)..].Split(' ');
            var pair = (ParseHex(parts[0]), parts.Length > 1 ? ParseHex(parts[1]) : 0);
            var whole = ParseHex(line[..mark]);
            decompositions[whole] = pair;
            if (line[mark] == '=') compositions[pair] = whole;
        }
        return new Mappings(decompositions.ToFrozenDictionary(), compositions.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }

    private static int ParseHex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed record Mappings(
        FrozenDictionary<int, (int First, int Second)> Decompositions, FrozenDictionary<(int, int), int> Compositions, FrozenDictionary<int, int> Classes)
    {
        public int ClassOf(int point) => Classes.GetValueOrDefault(point);

        public bool TryCompose(int first, int second, out int composed)
        {
            var (lead, vowel) = (first - LeadBase, second - VowelBase);
            if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
            {
                composed = HangulBase + (lead * VowelCount + vowel) * TailCount;
                return true;
            }
            var (syllable, tail) = (first - HangulBase, second - TailBase);
            if (syllable is >= 0 and < HangulCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
            {
                composed = first + tail;
                return true;
            }
            return Compositions.TryGetValue((first, second), out composed);
        }
    }
}
