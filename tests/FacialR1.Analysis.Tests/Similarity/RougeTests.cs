using CsCheck;
using FacialR1.Analysis.Similarity;

namespace FacialR1.Analysis.Tests.Similarity;

/// <summary>The worked examples of the measures, and stems that NLTK publishes as its own examples.</summary>
public sealed class RougeTests
{
    private const double Tolerance = 1e-6;
    private const string Reference = "Lip corners pulled up (AU12), cheeks raised (AU6).";
    private const string Written = "The cheeks are raised (AU6) and lip corners pulled up (AU12).";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rouge_l_matches_the_worked_example(bool stem)
    {
        var score = Rouge.L(Reference, Written, stem);
        Assert.Equal(5.0 / 11, score.Precision, Tolerance);
        Assert.Equal(5.0 / 8, score.Recall, Tolerance);
        Assert.Equal(0.5263158, score.F, Tolerance);
    }

    [Fact]
    public void Stems_make_forms_of_one_word_equal()
    {
        Assert.Equal(0, Rouge.L("cheek raised", "cheeks raise", stem: false).F);
        Assert.Equal(1, Rouge.L("cheek raised", "cheeks raise").F);
    }

    [Fact]
    public void Runs_of_words_are_counted_with_their_repeats_clipped()
    {
        // Shared: the (once, clipped), cat. Three words written, two in the reference.
        var one = Rouge.N("the cat", "the the cat", 1);
        Assert.Equal((2.0 / 3, 1.0), (one.Precision, one.Recall));
        var two = Rouge.N("the cat sat", "the cat ran", 2);
        Assert.Equal((0.5, 0.5, 0.5), (two.Precision, two.Recall, two.F));
        Assert.Equal(0, Rouge.N("word", "word", 2).F);   // a single word has no pair
        Assert.Throws<ArgumentOutOfRangeException>(() => Rouge.N("a", "a", 0));
    }

    [Fact]
    public void An_empty_side_scores_0()
    {
        Assert.Equal(0, Rouge.L("", "cheeks").F);
        Assert.Equal(0, Rouge.L("cheeks", " ,. ").F);
        Assert.Equal(0, Rouge.N("", "", 1).F);
    }

    [Fact]
    public void Words_split_at_everything_but_ascii_letters_and_digits()
    {
        Assert.Equal(["think", "au12", "na", "ve", "answer"], Rouge.Words("<think>AU12\nna\u00efve</answer>", stem: false));
        Assert.True(Rouge.AppliesTo(Reference));
        Assert.False(Rouge.AppliesTo("Поднятые щёки (AU6)"));
    }

    [Fact]
    public void Any_text_equals_itself_and_scores_stay_within_bounds() => Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
    {
        var score = Rouge.L(a, b);
        Assert.InRange(score.F, 0, 1);
        Assert.Equal(score.F, Rouge.L(b, a).F, 1e-12);
        Assert.True(Rouge.N(a, b, 1).F >= score.F - 1e-12);   // an order can only lose words
        if (Rouge.Words(a, true).Count > 0) Assert.Equal(1, Rouge.L(a, a).F);
    });

    [Theory]
    [InlineData("eyebrows eyebrow lowered lower happiness happi surprise surpris cheeks cheek")]
    [InlineData("caresses caress flies fli dies die mules mule denied deni died die agreed agre owned own humbled humbl sized size meeting meet stating state")]
    [InlineData("siezing siez itemization item sensational sensat traditional tradit reference refer colonizer colon plotted plot")]
    [InlineData("skies sky dying die news news proceed proceed innings inning")]                       // the irregular table
    [InlineData("ties tie enjoy enjoy happy happi spy spi by by")]                                      // four-letter -ies, y behind a vowel, two letters
    [InlineData("relational relat conditional condit valenci valenc digitizer digit radically radic")]
    [InlineData("hopefully hope geology geolog analogously analog possibly possibl formaliti formal")]
    [InlineData("hopping hop tanned tan falling fall hissing hiss fizzed fizz failing fail filing file")]
    [InlineData("triplicate triplic formative form formalize formal electriciti electr electrical electr hopeful hope goodness good")]
    [InlineData("revival reviv allowance allow inference infer airliner airlin adjustable adjust defensible defens irritant irrit replacement replac")]
    [InlineData("adjustment adjust dependent depend adoption adopt communism commun activate activ angulariti angular homologous homolog effective effect bowdlerize bowdler")]
    [InlineData("probate probat rate rate cease ceas controll control roll roll sky sky feed feed bled bled sing sing use use")]
    public void Stems_are_those_of_the_reference(string pairs)
    {
        var words = pairs.Split(' ');
        for (var i = 0; i < words.Length; i += 2) Assert.Equal($"{words[i]} → {words[i + 1]}", $"{words[i]} → {PorterStemmer.Stem(words[i])}");
    }

    [Fact]
    public void Every_word_has_a_stem_no_longer_than_itself_by_more_than_a_letter() =>
        Gen.String[Gen.Char['a', 'z'], 0, 14].Sample(word => PorterStemmer.Stem(word).Length <= word.Length + 1);

    [Fact]
    public void Rege_keeps_its_terms() => Assert.Equal(0.915, new Rege(0.563, 0.352).Sum, Tolerance);
}
