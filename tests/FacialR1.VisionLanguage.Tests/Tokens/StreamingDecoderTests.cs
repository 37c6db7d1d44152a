using CsCheck;
using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Tokens;

public sealed class StreamingDecoderTests
{
    [Fact]
    public void An_emoji_of_four_tokens_arrives_with_the_last_one()
    {
        var ids = TokenFixtures.Small.Encode("😀");
        Assert.Equal(4, ids.Length);

        var decoder = new StreamingDecoder(TokenFixtures.Small);
        Assert.Equal(["", "", "", "😀"], ids.Select(decoder.Push));
        Assert.Equal("", decoder.Flush());
    }

    [Fact]
    public void The_pieces_together_are_the_whole_text_and_each_is_well_formed() =>
        AnyText.WellFormed.Sample(text =>
        {
            var decoder = new StreamingDecoder(TokenFixtures.Small);
            var ids = TokenFixtures.Small.Encode(text);
            List<string> pieces = [.. ids.Select(decoder.Push), decoder.Flush()];
            Assert.Equal(TokenFixtures.Small.Decode(ids), string.Concat(pieces));
            Assert.All(pieces, piece => Assert.True(IsWellFormed(piece)));
        });

    [Fact]
    public void Any_ids_at_all_stream_to_what_they_decode_to() =>
        Gen.Int[0, TokenFixtures.Small.VocabularySize - 1].Array[0, 60].Select(Gen.Bool).Sample((ids, skipSpecial) =>
        {
            var decoder = new StreamingDecoder(TokenFixtures.Small, skipSpecial);
            List<string> pieces = [.. ids.Select(decoder.Push), decoder.Flush()];
            Assert.Equal(TokenFixtures.Small.Decode(ids, skipSpecial), string.Concat(pieces));
        });

    [Fact]
    public void An_end_inside_a_character_is_marked_and_the_decoder_starts_afresh()
    {
        var ids = TokenFixtures.Small.Encode("é");
        var decoder = new StreamingDecoder(TokenFixtures.Small);
        Assert.Equal("", decoder.Push(ids[0]));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("a", decoder.Push(TokenFixtures.Small.Encode("a")[0]));
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
