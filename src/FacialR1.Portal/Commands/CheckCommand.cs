using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Statistics;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Check;
using FacialR1.Portal.Inference;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Commands;

/// <summary><c>check</c>: takes a reasoning text of any model or person apart and holds it against labels, itself and the alignment of units and emotions.</summary>
internal static class CheckCommand
{
    private static readonly Argument<FileInfo?> Image = new("image")
    {
        Description = "The picture the text is about. Without --units, claims are held against estimates from the pixels of its largest face.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Text = new("--text")
    {
        Description = "The text file; \"-\" reads standard input. A .jsonl file holds one text a line: a JSON string, or an object with text and, where known, actionUnits, emotion and sample.",
        Required = true,
    };

    private static readonly Option<string?> Units = new("--units") { Description = "Labels of the face, for verdicts: AU6,AU12, or none." };
    private static readonly Option<string?> Annotated = new("--annotated") { Description = "Units that were looked for when labelling; a claim about any other is unverifiable. Default: all." };
    private static readonly Option<string?> Label = new("--label") { Description = "The emotion label of the face." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object per text." };

    public static Command Create()
    {
        var command = new Command("check", "Lists the claims of a reasoning text with their verdicts, its contradictions, and what the claimed action units imply.")
        {
            Image, Text, Units, Annotated, Label, Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            var image = arguments.GetValue(Image);
            using var services = CommandServices.Create();
            var reading = image is null ? null : AnalyzeCommand.FaceView(image, services.Get<FaceFinder>(), services.Get<FaceEstimates>()).Reading;
            var estimates = FaceEstimates.EvidenceOf(reading);
            var tables = services.Get<AlignmentTables>();
            var (units, annotated, label) = (FaceLabels.Units(arguments.GetValue(Units)), FaceLabels.Units(arguments.GetValue(Annotated)), FaceLabels.Label(arguments.GetValue(Label)));
            var checks = new List<ReasoningCheck>();
            var failed = 0;
            foreach (var (text, number) in TextsOf(arguments.GetRequiredValue(Text)))
            {
                try
                {
                    var (words, ownUnits, ownLabel, name) = number is null ? (text, null, null, null) : FaceLabels.Line(text);
                    var check = ReasoningCheck.Of(ClaimReader.Read(words), FaceLabels.Evidence(ownUnits ?? units, annotated).Over(estimates), tables.Weights, tables.Prototypes, ownLabel ?? label);
                    checks.Add(check);
                    if (arguments.GetValue(Json)) PrintJson(check, image, name);
                    else CheckText.Print(Terminal.Result, check, name);
                }
                catch (FormatException error) when (number is not null)
                {
                    failed++;
                    Terminal.Problem($"Line {number}: {error.Message}");
                }
            }

            if (checks.Count > 1 && !arguments.GetValue(Json)) PrintRates(checks);
            if (!estimates.IsEmpty && units is null) Terminal.Note("Claims were held against estimates from the pixels, which are no labels; the page of an analysis tells how good they are.");
            if (image is not null && estimates.IsEmpty && units is null) Terminal.Note("Nothing could be estimated on this picture, so without --units every verdict is unverifiable.");
            return failed == 0 ? PortalCommandLine.Success : checks.Count == 0 ? PortalCommandLine.Failure : PortalCommandLine.Partial;
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException or ImageRejectedException or AlignmentTableException)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
    }

    /// <summary>The text, or the lines of a JSONL file with their numbers.</summary>
    private static IEnumerable<(string Text, int? Line)> TextsOf(string file)
    {
        // The line break that ends a file is not part of what a model wrote.
        if (file == "-") return [(Console.In.ReadToEnd().TrimEnd('\r', '\n'), null)];
        if (!file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) return [(File.ReadAllText(file).TrimEnd('\r', '\n'), null)];
        return File.ReadLines(file).Select((line, index) => (Text: line, Line: (int?)index + 1)).Where(entry => !string.IsNullOrWhiteSpace(entry.Text));
    }

    private static void PrintJson(ReasoningCheck check, FileInfo? image, string? name)
    {
        var document = CheckDocument.From(check);
        if (name is not null) document.Insert(0, "sample", name);
        if (image is not null) document.Insert(0, "image", image.ToString());
        Terminal.Result.WriteLine(document.ToJsonString(JsonSerializerOptions.Default));
    }

    private static void PrintRates(List<ReasoningCheck> checks)
    {
        var rates = CheckedRates.Of(checks);
        var stated = ConsistencyRate.Of(checks.Select(check => check.StatedIsAnswer));
        var implied = ConsistencyRate.OfImplied(checks.Select(check => check.Alignment));
        var output = Terminal.Result;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{checks.Count} texts, {rates.Texts} with labels"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Hallucination {Share(rates.HallucinatedMentions, rates.Mentions)} of mentions, coverage {Share(rates.ClaimedUnits - rates.HallucinatedUnits, rates.PresentUnits)} of units present, {rates.MeanMentions:0.00} mentions a text"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Stated emotion is the answer: {Share((int)stated.True, stated.Defined)}; implied emotion is the answer: {Share((int)Math.Round(implied.True), implied.Defined)}, {implied.Ties} ties"));
        foreach (var group in checks.Where(check => check.Outcome is not null).GroupBy(check => check.Outcome!.Value).OrderBy(group => group.Key))
            output.WriteLine($"{CheckText.Words(group.Key)}: {Share(group.Count(), checks.Count(check => check.Outcome is not null))}");
    }

    private static string Share(int part, int whole) => Wilson.Interval(part, whole) is { } interval
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)part / whole:0.000} ({interval.Low:0.000} – {interval.High:0.000}, n = {whole})") : "n/a (n = 0)";
}
