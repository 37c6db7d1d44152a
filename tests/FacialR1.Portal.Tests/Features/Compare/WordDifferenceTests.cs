using FacialR1.Portal.Features.Compare;

namespace FacialR1.Portal.Tests.Features.Compare;

public sealed class WordDifferenceTests
{
    [Fact]
    public void Only_the_words_that_changed_are_marked()
    {
        var difference = WordDifference.Of("The brows are raised (AU1), and so on.", "The cheeks are raised (AU6), and so on.");
        Assert.Equal([" brows", " (AU1),"], difference.Before.Where(piece => piece.IsChanged).Select(piece => piece.Text));
        Assert.Equal([" cheeks", " (AU6),"], difference.After.Where(piece => piece.IsChanged).Select(piece => piece.Text));
    }

    [Fact]
    public void Pieces_give_both_texts_back_whatever_they_are()
    {
        var random = new Random(3);
        string Text() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "ab \n<".AsSpan()[random.Next(5)].ToString()));
        for (var trial = 0; trial < 500; trial++)
        {
            var (before, after) = (Text(), Text());
            var difference = WordDifference.Of(before, after);
            Assert.Equal(before, string.Concat(difference.Before.Select(piece => piece.Text)));
            Assert.Equal(after, string.Concat(difference.After.Select(piece => piece.Text)));
            Assert.Equal(string.Concat(difference.Before.Where(piece => !piece.IsChanged).Select(piece => piece.Text)), string.Concat(difference.After.Where(piece => !piece.IsChanged).Select(piece => piece.Text)));
        }
    }
}
