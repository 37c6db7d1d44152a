using System.Diagnostics;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Faces;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Benchmarks;
using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using static FacialR1.Portal.Commands.AnalysisBench;

namespace FacialR1.Portal.Commands;

/// <summary>The part of <c>bench analysis</c> about faces: are they found, where are their points, what are the estimates worth, and does no file break it.</summary>
internal static class FaceBench
{
    private const ulong Seed = 5;
    private const int EmptyPicturesPerFace = 2;   // one picture without a face for every two with one
    private static readonly double[] TiltBounds = [0, 15, 30, 45.01], ShareBounds = [0, 0.1, 0.2, 0.35, 1];

    public static void Run(FaceSample[] samples, PortalPaths paths, int pictures, int files)
    {
        using var detector = FaceDetector.Load(paths.Models);
        using var reader = FaceReader.Load(paths.Models);
        PrintDetection([.. samples.Take(pictures)], detector, reader);
        PrintReading(samples, reader);
        PrintDamage(Path.Combine(paths.Root, "data", "samples"), files, detector, reader);
    }

    private static void PrintDetection(FaceSample[] samples, FaceDetector detector, FaceReader reader)
    {
        var looks = new List<(PastedFace Face, bool IsFound, int FalseAlarms)>();
        var times = new List<double>();
        var process = Process.GetCurrentProcess();
        var processorTime = TimeSpan.Zero;
        for (var index = 0; index < samples.Length; index++)
        {
            var pasted = PastedFace.Draw(samples[index], new Pcg32(Seed, (ulong)index));
            process.Refresh();
            var (clock, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            var found = detector.Detect(pasted.Picture);
            if (found.Count > 0) reader.Read(FaceCrop.Crop(pasted.Picture, found[0]));
            clock.Stop();
            process.Refresh();
            processorTime += process.TotalProcessorTime - before;
            times.Add(clock.Elapsed.TotalMilliseconds);
            var right = found.Count(pasted.IsAt);
            looks.Add((pasted, right > 0, found.Count - Math.Min(1, right)));
        }

        Write($"Detector, photos pasted at random scales, tilts and places: recall {Share(looks.Count(look => look.IsFound), looks.Count)}, false alarms {looks.Sum(look => look.FalseAlarms)} in {looks.Count} pictures");
        foreach (var (low, high) in TiltBounds.Zip(TiltBounds.Skip(1)))
            Write($"  tilted {low:0} to {high:0} degrees: {Recall(looks.Where(look => Math.Abs(look.Face.Degrees) >= low && Math.Abs(look.Face.Degrees) < high))}");
        foreach (var (low, high) in ShareBounds.Zip(ShareBounds.Skip(1)))
            Write($"  photo {100 * low:0} to {100 * high:0}% of the longer side: {Recall(looks.Where(look => look.Face.Share >= low && look.Face.Share < high))}");

        var empty = Enumerable.Range(0, samples.Length / EmptyPicturesPerFace)
            .Count(index => detector.Detect(DrawnBackground.Draw(new PixelSize(800, 600), new Pcg32(Seed + 1, (ulong)index))).Count > 0);
        Write($"  pictures without a face in which one is seen: {Share(empty, samples.Length / EmptyPicturesPerFace)}");
        times.Sort();
        if (times.Count > 0)
            Write($"Detection and landmarks of a picture: {times.Average():0} ms on average, {times[times.Count * 95 / 100]:0} ms for 95% (aim 150 ms); processor time {processorTime.TotalMilliseconds / times.Count:0} ms on {Environment.ProcessorCount} cores");

        static string Recall(IEnumerable<(PastedFace Face, bool IsFound, int FalseAlarms)> looks) => looks.ToArray() is var all ? Share(all.Count(look => look.IsFound), all.Length) : "";
    }

    private static void PrintReading(FaceSample[] samples, FaceReader reader)
    {
        var readings = samples.Select(sample => (Sample: sample, Reading: reader.Read(sample.ToPicture()))).ToArray();
        var errors = readings.Where(pair => pair.Sample.Landmarks is not null)
            .Select(pair => pair.Reading.Landmarks.ErrorAgainst(new FaceLandmarks([.. pair.Sample.Landmarks!.Chunk(2).Select(point => new FacePoint(point[0], point[1]))]))).Order().ToArray();
        if (errors.Length > 0) Write($"Landmark error against the set's points: mean {errors.Average():0.0000}, median {errors[errors.Length / 2]:0.0000} inter-ocular distances, n = {errors.Length}");

        var counts = FerAuFolder.ActionUnits.Select(unit => new ActionUnitCounts(unit, Count(unit, true, true), Count(unit, true, false), Count(unit, false, true), readings.Length)).ToArray();
        Write($"Evidence from pixels: AU macro-F1 {counts.Average(unit => unit.F1 ?? 0):0.000}, n = {readings.Length}; labels are automatic estimates");
        foreach (var unit in counts) Write($"  {ActionUnit.CodeOf(unit.Number)}: F1 {unit.F1:0.000}, precision {Share(unit.TruePositives, unit.Predicted)}, recall {Share(unit.TruePositives, unit.Support)}");
        var warned = readings.SelectMany(pair => pair.Reading.Quality.Warnings).GroupBy(warning => warning.Problem).ToDictionary(group => group.Key, group => group.Count());
        Write($"Photos warned about, n = {readings.Length}: {string.Join(", ", Enum.GetValues<FaceProblem>().Select(problem => $"{problem} {warned.GetValueOrDefault(problem)}"))}");

        int Count(int unit, bool isClaimed, bool isTrue) =>
            readings.Count(pair => pair.Reading.Evidence.Of(unit)?.IsPresent == true == isClaimed && pair.Sample.ActionUnits!.Contains(unit) == isTrue);
    }

    /// <summary>Whatever bytes come, there is a picture or a reason. A crash would end the program here.</summary>
    private static void PrintDamage(string folder, int files, FaceDetector detector, FaceReader reader)
    {
        // Small pictures, so that most of the time goes into damage and not into looking for faces.
        var sources = Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal)
            .Select(file => ImageReader.ReadFile(file)).Select(photo => PillowResize.Bicubic(photo, 160, 160 * photo.Height / photo.Width))
            .SelectMany(photo => (byte[][])[ImageWriter.ToJpeg(photo, 90), ImageWriter.ToPng(photo)]).ToArray();
        if (sources.Length == 0) return;
        var (read, refused, crashed) = (0, 0, 0);
        for (var index = 0; index < files; index++)
        {
            try
            {
                var photo = ImageReader.Read(DamagedFile.Of(sources[index % sources.Length], new Pcg32(Seed + 2, (ulong)index)));
                foreach (var face in detector.Detect(photo)) reader.Read(FaceCrop.Crop(photo, face));
                read++;
            }
            catch (ImageRejectedException)
            {
                refused++;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                crashed++;
                Terminal.Problem($"Damaged file {index}: {error.GetType().Name}: {error.Message}");
            }
        }

        Write($"Damaged picture files: {files}, of which {read} could still be read, {refused} were refused with a reason and {crashed} crashed");
    }
}
