using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;

namespace FacialR1.Training.Tests.Data;

public sealed class FerAuFolderTests : IDisposable
{
    private const string Line = """{"id":"a","image":"val/a.png","emotion":"fear","actionUnits":["AU26","AU1"],"intensities":{"AU1":0.5,"AU2":0,"AU4":0,"AU5":0,"AU6":0,"AU7":0,"AU10":0,"AU12":0,"AU15":0,"AU17":0,"AU18":0,"AU20":0,"AU25":0,"AU26":1,"AU43":0}}""";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("facialr1-fer-au-");

    [Fact]
    public void Samples_come_with_pixels_labels_and_landmarks()
    {
        Write(Line, landmarkRows: 1);
        var sample = Assert.Single(FerAuFolder.Load(folder.FullName, "val"));
        Assert.Equal((Emotion.Fear, 48), (sample.Emotion, sample.Side));
        Assert.Equal([1, 26], sample.ActionUnits);
        Assert.Equal(0.5f, sample.Intensities![0]);
        Assert.Equal(77, sample.Pixels[0]);
        Assert.Equal(0.25f, sample.Landmarks![3]);
    }

    [Fact]
    public void A_line_that_does_not_fit_is_named()
    {
        Write(Line + "\n" + Line.Replace("fear", "boredom", StringComparison.Ordinal), landmarkRows: 2);
        Assert.Contains("val.jsonl, line 2", Assert.Throws<DataFormatException>(() => FerAuFolder.Load(folder.FullName, "val")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("test.jsonl", Assert.Throws<DataFormatException>(() => FerAuFolder.Load(folder.FullName, "test")).Message, StringComparison.Ordinal);

    [Fact]
    public void Landmarks_of_another_length_are_refused()
    {
        Write(Line, landmarkRows: 2);
        Assert.Contains("2 rows", Assert.Throws<DataFormatException>(() => FerAuFolder.Load(folder.FullName, "val")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private void Write(string lines, int landmarkRows) =>
        FerAuFiles.Write(folder.FullName, "val", lines, [("val/a.png", [.. Enumerable.Repeat((byte)77, 48 * 48)])], landmarkRows);
}
