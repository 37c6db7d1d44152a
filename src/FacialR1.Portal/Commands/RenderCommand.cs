using System.CommandLine;
using System.Globalization;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Data;
using FacialR1.Training.Rendering;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>benchmarks render</c>: makes the bundled benchmark again.</summary>
internal static class RenderCommand
{
    private static readonly Option<DirectoryInfo> Shapes = new("--shapes") { Description = "Folder with the face shapes of ICT-FaceKit as arrays (index.json, neutral.f32, …).", Required = true };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The benchmark folder to write.", Required = true };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Other people and expressions than those of the bundled benchmark.", DefaultValueFactory = _ => RenderedPlan.BundledSeed };
    private static readonly Option<int> People = new("--people") { Description = "People to draw, 20 pictures each.", DefaultValueFactory = _ => RenderedPlan.BundledPeople };

    public static Command Create()
    {
        var command = new Command("render",
            """
            Draws faces of nobody with exact action units and writes them as a benchmark folder. With the usual seed it makes the bundled benchmark again, byte for byte.
            Each face is looked for by the portal's own detector, so that evaluation crops it as an upload would be.
            """)
        { Shapes, Out, Seed, People };
        People.Validators.Add(result => { if (result.GetValue(People) < 1) result.AddError("--people must be at least 1."); });
        command.SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var services = CommandServices.Create();
            using var detector = FaceDetector.Load(services.Get<PortalPaths>().Models);
            var shapes = FaceShapes.Load(arguments.GetRequiredValue(Shapes).FullName);
            var faces = RenderedPlan.Make(shapes, arguments.GetValue(People), arguments.GetValue(Seed));
            IReadOnlyList<string> missed = [];
            Terminal.Aside.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
            {
                var bar = context.AddTask(string.Create(CultureInfo.InvariantCulture, $"{faces.Count} faces"), maxValue: faces.Count);
                missed = RenderedBenchmark.Write(arguments.GetRequiredValue(Out).FullName, shapes, faces, picture => Find(detector, picture), new Advance(bar), cancellationToken);
            });
            Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"The detector finds {faces.Count - missed.Count} of {faces.Count} faces."));
            if (missed.Count > 0) Terminal.Problem($"No face was found in {string.Join(", ", missed)}; models see the whole picture there.");
            Terminal.Result.WriteLine(arguments.GetRequiredValue(Out).FullName);
            return missed.Count > 0 ? PortalCommandLine.Partial : PortalCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            Terminal.Problem("Stopped; the folder is not complete. The same command starts anew.");
            return PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is DataFormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    /// <summary>The upright square that an upload would be cropped to; null when no face is found.</summary>
    internal static PixelBox? Find(FaceDetector detector, RgbImage picture) => detector.Detect(picture) is [var largest, ..] ? FaceCrop.Upright(largest).Square : null;

    /// <summary>Reports on the drawing thread.</summary>
    private sealed class Advance(ProgressTask bar) : IProgress<int>
    {
        public void Report(int value) => bar.Value = value;
    }
}
