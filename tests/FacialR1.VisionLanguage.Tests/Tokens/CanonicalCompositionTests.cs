using System.Globalization;
using System.Text;
using CsCheck;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Tokens;

public sealed class CanonicalCompositionTests
{
    [Fact]
    public void Every_row_of_the_Unicode_test_suite_composes_as_stated()
    {
        var rows = 0;
        foreach (var line in TokenFixtures.Lines("normalization-test.txt"))
        {
            var columns = line.Split(';').Select(FromHex).ToArray();
            foreach (var column in columns) Assert.Equal(columns[1], CanonicalComposition.Compose(column));
            rows++;
        }
        Assert.True(rows > 500);
    }

    [Fact]
    public void Composing_twice_changes_nothing() =>
        AnyText.Any.Sample(text =>
        {
            var once = CanonicalComposition.Compose(text);
            Assert.Equal(once, CanonicalComposition.Compose(once));
        });

    [Fact]
    public void Hangul_syllables_survive_being_taken_apart_and_put_together()
    {
        for (var syllable = 0xAC00; syllable < 0xD7A4; syllable++)
        {
            var index = syllable - 0xAC00;
            var parts = new StringBuilder().Append((char)(0x1100 + index / 588)).Append((char)(0x1161 + index % 588 / 28));
            if (index % 28 != 0) parts.Append((char)(0x11A7 + index % 28));
            Assert.Equal(((char)syllable).ToString(), CanonicalComposition.Compose(parts.ToString()));
        }
    }

    private static string FromHex(string column) =>
        string.Concat(column.Split(' ').Select(point => char.ConvertFromUtf32(int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}
