using System.Text;
using CsCheck;
using FacialR1.Analysis.Reasoning;

namespace FacialR1.Analysis.Tests.Reasoning;

public sealed class AnswerTagWatcherTests
{
    [Fact]
    public void The_tag_is_noticed_once_however_it_is_cut() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[1, 9].Array[30]).Sample((before, after, cuts) =>
        {
            var text = Encoding.UTF8.GetBytes(new string('<', before) + "<answer>" + new string('x', after) + "<answer>");
            var watcher = new AnswerTagWatcher();
            List<int> ends = [];
            for (int start = 0, cut = 0; start < text.Length; cut++)
            {
                var length = Math.Min(cuts[cut % cuts.Length], text.Length - start);
                if (watcher.Push(text.AsSpan(start, length), out var used)) ends.Add(start + used);
                start += length;
            }
            Assert.Equal([before + 8], ends);
        });

    [Fact]
    public void Text_without_the_tag_is_not_taken_for_it()
    {
        var watcher = new AnswerTagWatcher();
        foreach (var token in (string[])["<ans", "wer", " >", "<Answer>", "</answer>"]) Assert.False(watcher.Push(Encoding.UTF8.GetBytes(token), out _));
    }
}
