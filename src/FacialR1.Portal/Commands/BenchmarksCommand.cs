using System.CommandLine;
using System.Globalization;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;
using FacialR1.VisionLanguage.Faces;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>benchmarks list</c>, <c>import</c>, <c>leakage</c> and <c>render</c>.</summary>
internal static class BenchmarksCommand
{
    private static readonly Argument<string> Kind = new("kind") { Description = $"One of {string.Join(", ", DatasetImporters.All.Select(importer => importer.Kind))}." };
    private static readonly Argument<string> Source = new("path") { Description = "The data set as its owners distribute it." };
    private static readonly Option<string?> Into = new("--into") { Description = "The benchmark folder to make. Default: data/benchmarks/<name>." };
    private static readonly Option<string?> Name = new("--name") { Description = "Name of the benchmark. Default: the kind." };
    private static readonly Option<bool> Copy = new("--copy") { Description = "Copy the pictures. Without it they are read where they are." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only look and report." };
    private static readonly Option<bool> AllUnits = new("--all-units") { Description = "DISFA and BP4D: every annotated unit instead of the set of published tables." };
    private static readonly Option<bool> FindFaces = new("--find-faces") { Description = "The pictures show more than the face: find it and crop to it as an upload would be. Pictures without a face are left out." };
    private static readonly Option<int> Every = new("--every") { Description = "DISFA and BP4D: every n-th frame.", DefaultValueFactory = _ => 1 };
    private static readonly Argument<string> Training = new("training") { Description = "Folder of the data that a model learnt from." };
    private static readonly Argument<string> Held = new("benchmark") { Description = "Folder of the benchmark." };
    private static readonly Option<string?> TrainingSplit = new("--training-split") { Description = "Split of the first folder." };
    private static readonly Option<string?> HeldSplit = new("--split") { Description = "Split of the second folder." };
    private static readonly Option<int> Distance = new("--distance") { Description = "Bits of 256 that may differ between pictures that look alike, 0 to 15.", DefaultValueFactory = _ => LeakageCheck.DefaultDistance };

    public static Command Create()
    {
        var list = new Command("list", "Lists imported benchmarks, and what can be imported under which conditions.");
        list.SetAction(_ => List());
        var import = new Command("import",
            """
            Reads a data set in the layout of its owners and makes a benchmark folder of it, with a report of what was left out and why. A stopped import
            goes on where it stopped. Only import data that you are allowed to use.
            """)
        { Kind, Source, Into, Name, Copy, FindFaces, DryRun, AllUnits, Every };
        Every.Validators.Add(result => { if (result.GetValue(Every) < 1) result.AddError("--every must be at least 1."); });
        import.SetAction((arguments, cancellationToken) => Task.Run(() => Import(arguments, cancellationToken), CancellationToken.None));
        var leakage = new Command("leakage", "Looks for pictures of a training set in a benchmark: equal ones by checksum, resized or recompressed ones by their look.")
            { Training, Held, TrainingSplit, HeldSplit, Distance };
        leakage.SetAction((arguments, cancellationToken) => Task.Run(() => Leakage(arguments, cancellationToken), CancellationToken.None));
        return new Command("benchmarks", "Looks after the data that models are measured on.") { list, import, leakage, RenderCommand.Create() };
    }

    private static int List()
    {
        using var services = CommandServices.Create();
        var folder = services.Get<PortalPaths>().Benchmarks;
        var table = new Table { Title = new TableTitle(Markup.Escape($"In {folder}")) }.AddColumns("Folder", "Name", "Units", "Emotions", "Labels");
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            try
            {
                var manifest = BenchmarkFolder.Manifest(path);
                table.AddRow(Markup.Escape(Path.GetFileName(path)), Markup.Escape(manifest.Title), Invariant($"{manifest.ActionUnits.Count}"), Invariant($"{manifest.Emotions.Count}"), Markup.Escape(manifest.LabelNote));
            }
            catch (DataFormatException error)
            {
                table.AddRow(Markup.Escape(Path.GetFileName(path)), Markup.Escape(error.Message), "", "", "");
            }
        }

        if (table.Rows.Count > 0) AnsiConsole.Write(table);
        else Terminal.Note($"No benchmark is imported yet in {folder}. \"evaluate\" also takes a folder in the fer-au layout.");
        var kinds = new Table { Title = new TableTitle("Can be imported") }.AddColumns("Kind", "Expected files", "Licence");
        foreach (var importer in DatasetImporters.All) kinds.AddRow(importer.Kind, Markup.Escape(importer.Layout), Markup.Escape(importer.Licence));
        AnsiConsole.Write(kinds);
        return PortalCommandLine.Success;
    }

    private static int Import(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (DatasetImporters.Find(arguments.GetRequiredValue(Kind)) is not { } importer)
        {
            Terminal.Problem($"\"{arguments.GetValue(Kind)}\" cannot be imported. Known are {string.Join(", ", DatasetImporters.All.Select(known => known.Kind))}.");
            return PortalCommandLine.Failure;
        }

        try
        {
            using var services = CommandServices.Create();
            var name = arguments.GetValue(Name) ?? importer.Kind;
            if (name.AsSpan().IndexOfAny("/\\:") >= 0 || name.StartsWith('.')) throw new DataFormatException($"\"{name}\" is no name for a benchmark: letters, digits, \"-\" and \"_\" are.");
            var isDry = arguments.GetValue(DryRun);
            using var detector = arguments.GetValue(FindFaces) && !isDry ? FaceDetector.Load(services.Get<PortalPaths>().Models) : null;
            var import = new DatasetImport(importer, arguments.GetRequiredValue(Source), arguments.GetValue(Into) ?? Path.Combine(services.Get<PortalPaths>().Benchmarks, name))
            {
                Choices = new ImportChoices(arguments.GetValue(AllUnits), arguments.GetValue(Every)), CopyImages = arguments.GetValue(Copy), IsDryRun = isDry, Name = name,
                FindFace = detector is null ? null : picture => RenderCommand.Find(detector, picture),
            };
            Terminal.Note($"Licence: {importer.Licence}");
            ImportReport? report = null;
            Terminal.Aside.Status().Start("Reading", status => report = import.Run(new Count(status), cancellationToken));
            Print(report!);
            Terminal.Result.WriteLine(isDry ? "Dry run: nothing was written." : import.Target);
            return report!.Skipped > 0 ? PortalCommandLine.Partial : PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem("Stopped; the same command goes on with what is missing.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or IOException or UnauthorizedAccessException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    private static int Leakage(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            var (training, held) = (Fingerprints(arguments.GetRequiredValue(Training), arguments.GetValue(TrainingSplit), cancellationToken), Fingerprints(arguments.GetRequiredValue(Held), arguments.GetValue(HeldSplit), cancellationToken));
            var found = LeakageCheck.Find(training, held, arguments.GetValue(Distance));
            foreach (var pair in found) Terminal.Result.WriteLine(Invariant($"{pair.First}\t{pair.Second}\t{(pair.IsExact ? "equal" : "looks alike")}\t{pair.Distance}"));
            Terminal.Note(Invariant($"{found.Count(pair => pair.IsExact)} equal and {found.Count(pair => !pair.IsExact)} alike among {training.Count} × {held.Count} pictures. Look at those that only look alike."));
            return found.Count == 0 ? PortalCommandLine.Success : PortalCommandLine.Partial;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem("Stopped; nothing was compared.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or ArgumentOutOfRangeException or IOException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    private static List<PictureFingerprint> Fingerprints(string folder, string? split, CancellationToken cancellationToken)
    {
        var benchmark = Benchmark.Load(folder, split);
        var fingerprints = new List<PictureFingerprint>(benchmark.Samples.Count);
        foreach (var sample in benchmark.Samples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            fingerprints.Add(PictureFingerprint.Of(sample.Id, benchmark.Open(sample)));
        }
        return fingerprints;
    }

    private static void Print(ImportReport report)
    {
        Terminal.Note(Invariant($"{report.Kept} samples ({string.Join(", ", report.Splits.Select(split => $"{split.Key} {split.Value}"))}), {report.Skipped} left out."));
        if (report.Emotions.Count > 0) Terminal.Note(string.Join(", ", report.Emotions.Select(emotion => $"{emotion.Key} {emotion.Value}")));
        foreach (var (note, count) in report.Notes) Terminal.Note(Invariant($"{count} times {note}."));
        foreach (var (reason, count) in report.Reasons)
            Terminal.Problem(Invariant($"{count} left out: {reason} (first: {report.Details.First(item => item.Reason == reason).Where})"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reports on the importing thread.</summary>
    private sealed class Count(StatusContext status) : IProgress<int>
    {
        public void Report(int value) => status.Status(Invariant($"{value} samples"));
    }
}
