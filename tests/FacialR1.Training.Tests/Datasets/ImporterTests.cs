using System.Text;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;

namespace FacialR1.Training.Tests.Datasets;

/// <summary>Every importer on a small copy of its official layout, with faces that we drew.</summary>
public sealed class ImporterTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("facialr1-import-");

    private string Source => Path.Combine(root.FullName, "source");
    private string Target => Path.Combine(root.FullName, "target");

    [Fact]
    public void Disfa_takes_frames_with_units_from_intensity_2_on_and_the_published_folds()
    {
        foreach (var unit in (int[])[1, 2, 4, 6, 9, 12, 25, 26])
            Text($"ActionUnit_Labels/SN002/SN002_au{unit}.txt", unit == 12 ? "1,0\n2,1\n3,2\n4,5\n" : unit == 4 ? "1,0\n2,0\n3,0\n4,9\n" : "1,0\n2,0\n3,0\n4,3\n");
        foreach (var frame in (int[])[1, 2, 3]) Face($"Images/SN002/{frame:0000}.jpg", frame);
        var (benchmark, report) = Import("disfa");
        Assert.Equal(["SN002-00001", "SN002-00002", "SN002-00003"], benchmark.Samples.Select(sample => sample.Id));
        Assert.Equal([12], benchmark.Samples[2].Labels.ActionUnits);
        Assert.Empty(benchmark.Samples[1].Labels.ActionUnits!);
        Assert.Equal(("SN002", 1, 1.0), (benchmark.Samples[1].Subject, benchmark.Samples[1].Fold, benchmark.Samples[1].Intensities![12]));
        Assert.Equal([1, 2, 4, 6, 9, 12, 25, 26], benchmark.Vocabulary);
        Assert.Contains(report.Details, item => item.Where.EndsWith("SN002_au4.txt, line 4", StringComparison.Ordinal) && item.Reason.Contains("0 to 5", StringComparison.Ordinal));
        Assert.Equal(48, benchmark.Open(benchmark.Samples[0]).Width);
    }

    [Fact]
    public void Bp4d_skips_frames_with_codes_of_9_and_missing_pictures()
    {
        int[] units = [1, 2, 4, 6, 7, 10, 12, 14, 15, 17, 23, 24];
        string Row(int frame, int unit12, int unit24) => $"{frame}," + string.Join(',', units.Select(unit => unit == 12 ? unit12 : unit == 24 ? unit24 : 0));
        Text("AUCoding/AU_OCC/F001_T1.csv", $"0,{string.Join(',', units)}\n{Row(7, 1, 0)}\n{Row(8, 0, 9)}\n{Row(9, 0, 0)}\n");
        Face("Sequences(2D+3D)/F001/T1/0007.jpg", 1);
        Face("Sequences(2D+3D)/F001/T1/008.jpg", 2);
        var (benchmark, report) = Import("bp4d");
        var sample = Assert.Single(benchmark.Samples);
        Assert.Equal(("F001-T1-0007", "F001", 1), (sample.Id, sample.Subject, sample.Fold));
        Assert.Equal([12], sample.Labels.ActionUnits);
        Assert.Equal(["a unit was not coded (9)", "the frame is missing among the pictures"], report.Details.Select(item => item.Reason));
        Directory.Delete(Target, recursive: true);
        Text("AUCoding/AU_OCC/F001_T1.csv", "0,1,2\n7,0,0\n");
        Assert.Contains("F001_T1.csv, line 1: there is no column of AU 4", Fails("bp4d"), StringComparison.Ordinal);
    }

    [Fact]
    public void Raf_au_merges_both_sides_and_joins_emotions()
    {
        Text("RAFAU_label.txt", "0001.jpg 1+L12+R12\n0002.jpg null\n0003.jpg 99\n0004.jpg 4\n");
        Text("EmoLabel/distribution.txt", "0001.jpg 0.1 0 0 0.8 0.1 0\n");
        foreach (var number in (int[])[1, 2, 3]) Face($"aligned/000{number}_aligned.jpg", number);
        var (benchmark, report) = Import("raf-au");
        Assert.Equal([1, 12], benchmark.Samples[0].Labels.ActionUnits);
        Assert.Equal((Emotion.Happiness, "1+L12+R12"), (benchmark.Samples[0].Labels.Emotion, benchmark.Samples[0].RawLabel));
        Assert.Empty(benchmark.Samples[1].Labels.ActionUnits!);
        Assert.Null(benchmark.Samples[1].Labels.Emotion);
        Assert.Equal([("RAFAU_label.txt, line 3", "the code \"99\" is none of the 27 annotated units"), ("RAFAU_label.txt, line 4", "the picture is missing")],
            report.Details.Select(item => (Path.GetFileName(item.Where), item.Reason)));
    }

    [Fact]
    public void Faba_instruct_joins_both_tasks_of_a_picture_and_keeps_the_reference()
    {
        Text("FABAInstruct/eval/x_au_anno.json", """[{"image":"7.jpg","id":"1","label":"6, 12","gpt4":"Cheeks are raised."}]""");
        Text("FABAInstruct/eval/x_emotion_anno.json", """[{"image":"7.jpg","id":"2","label":0},{"image":"8.jpg","id":"3","label":"Fear"},{"image":"9.jpg","id":"4","label":"Boredom"},{"image":"8.jpg","id":"6","label":1},{"image":9,"id":"7","label":1}]""");
        Text("FABAInstruct/train/x_emotion_anno.json", """[{"image":"1.jpg","id":"5"}]""");
        foreach (var number in (int[])[7, 8, 9]) Face($"FABAInstruct/eval/images/{number}.jpg", number);
        var (benchmark, report) = Import("faba-instruct");
        Assert.Equal(2, benchmark.Samples.Count);
        Assert.Equal((Emotion.Happiness, "Cheeks are raised.", "test"), (benchmark.Samples[0].Labels.Emotion, benchmark.Samples[0].Reference, benchmark.Samples[0].Split));
        Assert.Equal([6, 12], benchmark.Samples[0].Labels.ActionUnits);
        Assert.Null(benchmark.Samples[1].Labels.ActionUnits);
        Assert.Equal(4, report.Skipped);
        Assert.Contains(report.Details, item => item.Where.EndsWith("x_emotion_anno.json, entry 4", StringComparison.Ordinal) && item.Reason.Contains("twice", StringComparison.Ordinal));
    }

    [Fact]
    public void Fer2013_is_read_from_its_table()
    {
        var pixels = string.Join(' ', Enumerable.Range(0, 2304).Select(index => index % 256));
        Text("fer2013.csv", $"emotion,pixels,Usage\n3,{pixels},Training\n6,{pixels},PrivateTest\n7,{pixels},Training\n0,1 2 3,Training\n0,{pixels},Elsewhere\n");
        var (benchmark, report) = Import("fer2013");
        Assert.Equal([(Emotion.Happiness, "train"), (Emotion.Neutral, "test")], benchmark.Samples.Select(sample => (sample.Labels.Emotion!.Value, sample.Split!)));
        Assert.Equal(77, benchmark.Open(benchmark.Samples[0]).Pixels[3 * 77]);
        Assert.Equal([4, 5, 6], report.Details.Select(item => int.Parse(item.Where[(item.Where.LastIndexOf(' ') + 1)..], provider: null)));
        Assert.Single(Benchmark.Load(Target, "test").Samples);

        Directory.Delete(Target, recursive: true);
        Text("fer2013.csv", "label,image\n1,2\n");
        Assert.Contains("fer2013.csv, line 1: the columns are \"label, image\"; emotion, pixels and Usage are expected", Fails("fer2013"), StringComparison.Ordinal);
    }

    [Fact]
    public void Fer2013_is_read_from_folders_too()
    {
        Face("train/angry/a.jpg", 1);
        Face("test/happy/b.jpg", 2);
        Face("test/bored/c.jpg", 3);
        var (benchmark, report) = Import("fer2013");
        Assert.Equal([(Emotion.Anger, "train"), (Emotion.Happiness, "test")], benchmark.Samples.Select(sample => (sample.Labels.Emotion!.Value, sample.Split!)));
        Assert.EndsWith("bored", Assert.Single(report.Details).Where, StringComparison.Ordinal);
    }

    [Fact]
    public void AffectNet_reads_both_versions_and_leaves_contempt_out()
    {
        foreach (var (number, label) in new[] { (1, "1"), (2, "7"), (3, "9") })
        {
            Face($"val_set/images/{number}.jpg", number);
            Npy($"val_set/annotations/{number}_exp.npy", label);
        }
        var (compact, report) = Import("affectnet");
        Assert.Equal((Emotion.Happiness, "val", "1"), (compact.Samples.Single().Labels.Emotion!.Value, compact.Samples[0].Split, compact.Samples[0].RawLabel));
        Assert.Equal(2, report.Skipped);

        Directory.Delete(Source, recursive: true);
        Directory.Delete(Target, recursive: true);
        Text("validation.csv", "subDirectory_filePath,face_x,expression\n10/a.jpg,0,6\n../b.jpg,0,6\n");
        Face("Manually_Annotated_Images/10/a.jpg", 4);
        var (full, refused) = Import("affectnet");
        Assert.Equal(Emotion.Anger, full.Samples.Single().Labels.Emotion);
        Assert.Contains("inside the picture folder", Assert.Single(refused.Details).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Raf_db_is_read_from_its_list()
    {
        Text("EmoLabel/list_patition_label.txt", "train_00001.jpg 5\ntest_0001.jpg 7\ntest_0002.jpg 8\n");
        Face("Image/aligned/train_00001_aligned.jpg", 1);
        Face("Image/aligned/test_0001_aligned.jpg", 2);
        var (benchmark, report) = Import("raf-db");
        Assert.Equal([("train_00001", Emotion.Sadness, "train"), ("test_0001", Emotion.Neutral, "test")], benchmark.Samples.Select(sample => (sample.Id, sample.Labels.Emotion!.Value, sample.Split!)));
        Assert.Equal("the label is not a number from 1 to 7", Assert.Single(report.Reasons).Key);
    }

    [Fact]
    public void Fea_20k_keeps_the_description_and_tells_no_units_from_no_labels()
    {
        Text("fea_test.jsonl", """
            {"id":"1","dataset":"RAF-DB","image":"a.jpg","AUs":["AU12"],"labels":["happiness"],"description":"<think>x</think><answer>happiness</answer>","meta_info":{}}
            {"id":"2","dataset":"RAF-DB","image":"b.jpg","AUs":[],"labels":[],"description":"y"}
            {"id":"3","dataset":"RAF-DB","image":"b.jpg","AUs":[],"labels":["boredom"]}
            {"id":"4","dataset":"RAF-DB","image":"b.jpg","is_valid":false}
            not json

            """);
        Face("images/RAF-DB/a.jpg", 1);
        Face("images/b.jpg", 2);
        var (benchmark, report) = Import("fea-20k");
        Assert.Equal(["1", "2"], benchmark.Samples.Select(sample => sample.Id));
        Assert.Equal([12], benchmark.Samples[0].Labels.ActionUnits);
        Assert.Null(benchmark.Samples[1].Labels.ActionUnits);
        Assert.Equal("RAF-DB", benchmark.Samples[0].Metadata["dataset"]);
        Assert.Equal(3, report.Skipped);
    }

    [Fact]
    public void Fer_au_becomes_pictures_with_estimated_intensities()
    {
        Text("val.jsonl", """{"id":"a","image":"val/a.png","emotion":"fear","actionUnits":["AU26"],"intensities":{"AU1":0.25,"AU2":0,"AU4":0,"AU5":0,"AU6":0,"AU7":0,"AU10":0,"AU12":0,"AU15":0,"AU17":0,"AU18":0,"AU20":0,"AU25":0,"AU26":1,"AU43":0}}""" + "\n");
        using (var archive = System.IO.Compression.ZipFile.Open(Path.Combine(Source, "val.zip"), System.IO.Compression.ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("val/a.png").Open())
            entry.Write(VisionLanguage.Images.ImageWriter.ToPng(DrawnFaces.Draw(3)));
        var (benchmark, report) = Import("fer-au");
        var sample = Assert.Single(benchmark.Samples);
        Assert.Equal((Emotion.Fear, "val", 0.25), (sample.Labels.Emotion!.Value, sample.Split, sample.Intensities![1]));
        Assert.Equal([26], sample.Labels.ActionUnits);
        Assert.Equal(48, benchmark.Open(sample).Width);
        Assert.Equal(0, report.Skipped);
    }

    [Fact]
    public void A_sample_with_a_face_is_cropped_to_it_and_keeps_it_when_imported()
    {
        Text("benchmark.json", """{"format":1,"name":"x","title":"X","actionUnits":[],"emotions":["fear"],"labelNote":"made up","licence":"none"}""");
        Text("samples.jsonl", """{"id":"a","image":"a.png","emotion":"fear","face":[-2,4,30,31]}""" + "\n");
        Face("a.png", 1);
        var (benchmark, _) = Import("folder");
        var picture = benchmark.Open(benchmark.Samples[0]);
        Assert.Equal((30, 31), (picture.Width, picture.Height));
    }

    [Fact]
    public void Files_that_are_no_pictures_are_left_out_by_name()
    {
        Face("train/happy/a.jpg", 1);
        Text("train/happy/b.jpg", "not a picture");
        Text("train/happy/c.jpg", "");
        var (benchmark, report) = Import("fer2013");
        Assert.Single(benchmark.Samples);
        Assert.Equal(["b.jpg", "c.jpg"], report.Details.Select(item => Path.GetFileName(item.Where)));
        Assert.All(report.Details, item => Assert.StartsWith("the picture cannot be read", item.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Faces_are_found_on_the_way_in_and_pictures_without_one_are_left_out()
    {
        Face("train/happy/a.jpg", 1);
        Face("train/happy/b.jpg", 2);
        var looked = 0;
        var import = Prepare("fer2013") with { FindFace = _ => ++looked == 1 ? new VisionLanguage.Images.PixelBox(4, 4, 20, 20) : null };
        var report = import.Run(null, CancellationToken.None);
        var benchmark = Benchmark.Load(Target, null);
        Assert.Equal(20, benchmark.Open(Assert.Single(benchmark.Samples)).Width);
        Assert.Equal("no face was found in the picture", Assert.Single(report.Details).Reason);
    }

    [Fact]
    public void A_table_of_pixels_that_was_stopped_just_before_its_end_still_finds_its_pictures()
    {
        var pixels = string.Join(' ', Enumerable.Repeat(7, 2304));
        Text("fer2013.csv", $"emotion,pixels,Usage\n3,{pixels},Training\n");
        Import("fer2013");
        File.Move(Path.Combine(Target, "samples.jsonl"), Path.Combine(Target, "samples.jsonl.partial"));
        File.Delete(Path.Combine(Target, "benchmark.json"));
        var (benchmark, _) = Import("fer2013");
        Assert.Equal(48, benchmark.Open(Assert.Single(benchmark.Samples)).Width);
    }

    [Fact]
    public void A_dry_run_writes_nothing_and_copies_stand_alone()
    {
        Face("train/happy/a.jpg", 1);
        var report = Prepare("fer2013") with { IsDryRun = true };
        Assert.Equal(1, report.Run(null, CancellationToken.None).Kept);
        Assert.False(Directory.Exists(Target));

        (Prepare("fer2013") with { CopyImages = true }).Run(null, CancellationToken.None);
        Directory.Delete(Source, recursive: true);
        var benchmark = Benchmark.Load(Target, null);
        Assert.Equal(48, benchmark.Open(benchmark.Samples[0]).Height);
        Assert.Contains("holds a benchmark already", Fails("fer2013", DrawAgain), StringComparison.Ordinal);
        void DrawAgain() => Face("train/happy/a.jpg", 1);
    }

    [Fact]
    public void A_stopped_import_goes_on_without_writing_a_sample_twice()
    {
        foreach (var number in Enumerable.Range(0, 250)) Face($"train/happy/{number:000}.jpg", number);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Prepare("fer2013").Run(new At(100, stop.Cancel), stop.Token));
        var partial = Path.Combine(Target, "samples.jsonl.partial");
        Assert.Equal(100, File.ReadLines(partial).Count());
        File.AppendAllText(partial, "{\"id\":\"cut");
        Assert.Equal(250, Prepare("fer2013").Run(null, CancellationToken.None).Kept);
        Assert.Equal(250, Benchmark.Load(Target, null).Samples.Count);
    }

    [Theory]
    [InlineData("disfa", "ActionUnit_Labels")]
    [InlineData("bp4d", "AUCoding")]
    [InlineData("raf-au", "RAFAU_label.txt")]
    [InlineData("faba-instruct", "_anno.json")]
    [InlineData("fer2013", "fer2013.csv")]
    [InlineData("affectnet", "annotations")]
    [InlineData("raf-db", "list_patition_label.txt")]
    [InlineData("fea-20k", ".jsonl")]
    [InlineData("fer-au", "val.jsonl")]
    [InlineData("folder", "benchmark.json")]
    public void A_wrong_folder_is_refused_with_what_was_expected(string kind, string expected)
    {
        Text("readme.txt", "something else");
        Assert.Contains(expected, Fails(kind), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_found_again_are_told_whether_resized_or_equal()
    {
        PictureFingerprint[] first = [.. Enumerable.Range(0, 6).Select(number => PictureFingerprint.Of($"train-{number}", DrawnFaces.Draw(number, 96)))];
        PictureFingerprint[] second = [PictureFingerprint.Of("same", DrawnFaces.Draw(2, 96)), PictureFingerprint.Of("smaller", DrawnFaces.Draw(3, 72))];
        var found = LeakageCheck.Find(first, second);
        Assert.Contains(found, pair => pair is { First: "train-2", Second: "same", IsExact: true, Distance: 0 });
        Assert.Contains(found, pair => pair is { First: "train-3", Second: "smaller", IsExact: false });
        Assert.Throws<ArgumentOutOfRangeException>(() => LeakageCheck.Find(first, second, 16));
    }

    [Fact]
    public void No_subject_is_on_both_sides_of_a_fold()
    {
        Assert.Equal(27, SubjectFolds.Disfa.SelectMany(fold => fold).Distinct().Count());
        Assert.Equal(41, SubjectFolds.Bp4d.SelectMany(fold => fold).Distinct().Count());
        BenchmarkSample Of(string id, string subject, int fold) => new(id, id, new(null, [])) { Subject = subject, Fold = fold };
        var (train, held) = SubjectFolds.Divide([Of("a", "x", 1), Of("b", "x", 1), Of("c", "y", 2)], 1);
        Assert.Equal((1, 2), (train.Count, held.Count));
        Assert.Contains("fold 1 and in fold 2", Assert.Throws<DataFormatException>(() => SubjectFolds.Divide([Of("a", "x", 1), Of("b", "x", 2)], 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"a","image":"../x.png"}""", "inside the picture folder")]
    [InlineData("""{"id":"a","image":"/etc/passwd"}""", "inside the picture folder")]
    [InlineData("""{"id":"a"}""", "id and image are needed")]
    [InlineData("""{"id":"a","image":"x.png","emotion":"bored"}""", "emotion is \"bored\"")]
    [InlineData("""{"id":"a","image":"x.png","actionUnits":["AU99"]}""", "codes such as")]
    [InlineData("""{"id":"a","image":"x.png","actionUnits":["AU1"]}""", "not among the actionUnits")]
    [InlineData("""{"id":"a","image":"x.png","face":[1,2,3]}""", "[left, top, width, height]")]
    [InlineData("""{"id":"a","image":"x.png","face":[1,2,0,4]}""", "[left, top, width, height]")]
    [InlineData("{", "line 1")]
    public void A_line_of_our_own_format_that_does_not_fit_is_named(string line, string expected)
    {
        Text("benchmark.json", """{"format":1,"name":"x","title":"X","actionUnits":["AU12"],"emotions":["fear"],"labelNote":"made up","licence":"none"}""");
        Text("samples.jsonl", line + "\n");
        var message = Assert.Throws<DataFormatException>(() => BenchmarkFolder.Load(Source)).Message;
        Assert.Contains("samples.jsonl, line 1", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    public void Dispose() => root.Delete(recursive: true);

    private void Text(string path, string text) => DrawnFaces.Write(Path.Combine(Source, path), text);

    private void Face(string path, int number) => DrawnFaces.Save(Path.Combine(Source, path), number);

    private void Npy(string path, string label)
    {
        var header = Encoding.ASCII.GetBytes($"{{'descr': '<U{label.Length}', 'fortran_order': False, 'shape': (), }}".PadRight(117) + "\n");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Source, path))!);
        File.WriteAllBytes(Path.Combine(Source, path), [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. Encoding.UTF32.GetBytes(label)]);
    }

    private DatasetImport Prepare(string kind) => new(DatasetImporters.Find(kind)!, Source, Target);

    private (Benchmark Benchmark, ImportReport Report) Import(string kind)
    {
        var report = Prepare(kind).Run(null, CancellationToken.None);
        return (Benchmark.Load(Target, null), report);
    }

    private string Fails(string kind, Action? before = null)
    {
        before?.Invoke();
        return Assert.Throws<DataFormatException>(() => Prepare(kind).Run(null, CancellationToken.None)).Message;
    }

    private sealed class At(int count, Action act) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value >= count) act();
        }
    }
}
