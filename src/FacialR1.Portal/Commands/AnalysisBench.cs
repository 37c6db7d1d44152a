using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Statistics;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Data;
using FacialR1.Training.Reports;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Commands;

/// <summary><c>bench analysis</c>: how far faces, evidence, claims and alignment can be trusted, and how long they take.</summary>
internal static class AnalysisBench
{
    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "Folder in the fer-au layout.", Required = true };
    private static readonly Option<string> Split = new("--split") { Description = "train, val or test. The weights come from train, so its numbers flatter.", DefaultValueFactory = _ => "val" };

    private static readonly Option<DirectoryInfo?> Sentences = new("--sentences") { Description = "Folder with hand-checked sentences (*.tsv). Default: those of the extractor's tests." };
    private static readonly Option<int> Pictures = new("--pictures") { Description = "Photos pasted into drawn pictures for the detector.", DefaultValueFactory = _ => 500 };
    private static readonly Option<int> Files = new("--files") { Description = "Damaged picture files to be taken in.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<string?> Checkpoint = new("--checkpoint") { Description = "Name from \"checkpoints list\", for the occlusion map and early answers. Default: the embedded Mini." };
    private static readonly Option<int> Probed = new("--probed") { Description = "Faces whose answers are probed; 0 leaves that out.", DefaultValueFactory = _ => 50 };

    public static Command Create()
    {
        var command = new Command("analysis", "Measures the detector, landmarks and evidence, alignment against labels, the reading of claims, and their speed. Takes minutes.") { Data, Split, Sentences, Pictures, Files, Checkpoint, Probed };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            using var services = CommandServices.Create();
            var tables = services.Get<AlignmentTables>();
            var samples = FerAuFolder.Load(arguments.GetRequiredValue(Data).FullName, arguments.GetRequiredValue(Split))
                .Where(sample => sample is { Emotion: not null, ActionUnits: not null }).ToArray();
            FaceBench.Run(samples, services.Get<PortalPaths>(), arguments.GetValue(Pictures), arguments.GetValue(Files));
            PrintAlignment(samples, tables);
            PrintSentences(arguments.GetValue(Sentences)?.FullName ?? Path.Combine(services.Get<PortalPaths>().Root, "tests", "FacialR1.Analysis.Tests", "Reasoning", "Sentences"));
            PrintReading(samples, tables);
            var faces = samples.Take(arguments.GetValue(Probed)).Select(sample => new RgbImage(sample.Side, sample.Side, [.. sample.Pixels.SelectMany(grey => new[] { grey, grey, grey })])).ToArray();
            ProbeBench.RunAsync(services, arguments.GetValue(Checkpoint), faces, CancellationToken.None).GetAwaiter().GetResult();
            return PortalCommandLine.Success;
        }
        catch (Exception error) when (error is DataFormatException or IOException or FormatException or InvalidDataException or AlignmentTableException or Analysis.ModelUnavailableException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    private static void PrintAlignment(FaceSample[] samples, AlignmentTables tables)
    {
        var aligned = samples.Select(sample => EmotionAlignment.Of(sample.ActionUnits!, sample.Emotion, tables.Weights, tables.Prototypes)).ToArray();
        var implied = ConsistencyRate.OfImplied(aligned);
        Write($"Emotion implied by the labelled units is the label: {Share((int)Math.Round(implied.True), implied.Defined)}; {implied.Ties} ties; {implied.Undefined} samples without a unit left out");
        Write($"The same with \"neutral\" for samples without a unit: {Share((int)Math.Round(implied.True) + samples.Count(sample => sample.ActionUnits!.Count == 0 && sample.Emotion == Emotion.Neutral), samples.Length)}");
        var best = aligned.Select(alignment => (alignment.Answer, Top: alignment.Prototypes.MaxBy(fit => fit.Value.F1).Key)).ToArray();
        Write($"Best-fitting published pattern is that of the label: {Share(best.Count(pair => pair.Answer == pair.Top), best.Length)}");
        foreach (var emotion in Emotions.All)
        {
            var own = aligned.Where(alignment => alignment.Answer == emotion && alignment.Implied.Count > 0).ToArray();
            Write($"  {emotion.Name()}: implied for {Share(own.Count(alignment => alignment.ImpliedIsAnswer == true), own.Length)} of its samples");
        }
    }

    private static void PrintSentences(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Terminal.Note($"There are no hand-checked sentences in {folder}; name their folder with --sentences.");
            return;
        }

        foreach (var file in Directory.GetFiles(folder, "*.tsv").Order(StringComparer.Ordinal))
        {
            var agreement = HandCheckedSentences.Compare(HandCheckedSentences.Read(File.ReadLines(file)));
            Write($"Claims in {agreement.Sentences} hand-checked sentences ({Path.GetFileNameWithoutExtension(file)}): precision {Share(agreement.Right, agreement.Found)}, recall {Share(agreement.Right, agreement.Expected)}");
        }
    }

    /// <summary>Reports are written from the units, so what should be read in them is known; with the codes taken out, words alone must do.</summary>
    private static void PrintReading(FaceSample[] samples, AlignmentTables tables)
    {
        var random = new Pcg32(1);
        var texts = samples.Select(sample => ReportComposer.Compose(sample.ActionUnits!, sample.Emotion!.Value, random)).ToArray();
        var worded = texts.Select(text => System.Text.RegularExpressions.Regex.Replace(text, @" \(AU[0-9]+\)", "")).ToArray();
        var (expected, found, right) = (0, 0, 0);
        for (var i = 0; i < worded.Length; i++)
        {
            var claimed = ClaimReader.Read(worded[i]).AssertedActionUnits;
            (expected, found, right) = (expected + samples[i].ActionUnits!.Count, found + claimed.Count, right + claimed.Count(samples[i].ActionUnits!.Contains));
        }

        Write($"Units read in composed reports without their codes: precision {Share(right, found)}, recall {Share(right, expected)}");
        var clock = Stopwatch.StartNew();
        foreach (var text in texts) ReasoningCheck.Of(ClaimReader.Read(text), FaceEvidence.None, tables.Weights, tables.Prototypes);
        Write($"Claims, verdicts and alignment of a finished text: {clock.Elapsed.TotalMilliseconds / Math.Max(1, texts.Length):0.000} ms (mean of {texts.Length}, aim 5 ms)");
    }

    internal static void Write(FormattableString line) => Terminal.Result.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    internal static string Share(int part, int whole) => Wilson.Interval(part, whole) is { } interval
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)part / whole:0.000} ({interval.Low:0.000} – {interval.High:0.000}, n = {whole})") : "n/a (n = 0)";
}
