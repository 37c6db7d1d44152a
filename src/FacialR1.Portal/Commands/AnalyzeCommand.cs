using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Analysis;
using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Features.Check;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Portal.Commands;

/// <summary><c>analyze</c>: the model's reasoning about faces in picture files, streamed as text or as one JSON object per picture.</summary>
internal static class AnalyzeCommand
{
    private static readonly Argument<FileInfo[]> Images = new("image")
    {
        Description = "Picture files (JPEG, PNG, WebP, …). The largest face of each is cropped; without a face the whole picture is looked at.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Checkpoint = new("--checkpoint") { Description = "Name from \"checkpoints list\". Default: the embedded Mini." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object per picture instead of streaming text." };
    private static readonly Option<long> Seed = new("--seed") { Description = "Same seed, same answer (matters with a temperature above 0)." };
    private static readonly Option<double> Temperature = new("--temperature") { Description = "0 takes the likeliest token; above 0 samples." };
    private static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "Cut the answer after this many tokens.", DefaultValueFactory = _ => 256 };

    public static Command Create()
    {
        var command = new Command("analyze", "Looks at the face in each picture and writes reasoning over action units, then one emotion.")
        {
            Images, Checkpoint, Json, Seed, Temperature, MaxTokens,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Create();
        var (catalog, models, faces) = (services.Get<CheckpointCatalog>(), services.Get<ModelPool>(), services.Get<FaceFinder>());
        if ((arguments.GetValue(Checkpoint) ?? catalog.Usable().DefaultChoice()?.Name) is not { } name)
        {
            Terminal.Problem($"There is no checkpoint in {catalog.Folder}. Restore data/checkpoints from the repository, or train one with \"train sft\".");
            return PortalCommandLine.Failure;
        }

        if (catalog.Find(name)?.Remote is { } remote) Terminal.Note($"The faces are sent to {remote.Host}.");
        var decoding = new DecodingOptions(Temperature: arguments.GetValue(Temperature), MaxTokens: arguments.GetValue(MaxTokens), Seed: arguments.GetValue(Seed));
        var files = arguments.GetRequiredValue(Images);
        var failed = 0;
        try
        {
            await using var lease = models.Rent(name);
            foreach (var file in files)
            {
                try
                {
                    var (view, faceJson, reading) = FaceView(file, faces, services.Get<FaceEstimates>());
                    var streams = !arguments.GetValue(Json);
                    if (streams && files.Length > 1) Terminal.Note(file.Name);
                    var answer = await AskAsync(lease.Model, new AnalysisRequest(view, decoding), streams, cancellationToken);
                    if (!streams) Terminal.Result.WriteLine(Describe(file, name, answer, services.Get<AlignmentTables>(), faceJson, reading).ToJsonString(JsonSerializerOptions.Default));
                }
                catch (Exception error) when (error is ImageRejectedException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
                {
                    failed++;
                    Terminal.Problem($"{file.Name}: {error.Message}");
                }
            }
        }
        catch (ModelUnavailableException error)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }

        return failed == 0 ? PortalCommandLine.Success : failed == files.Length ? PortalCommandLine.Failure : PortalCommandLine.Partial;
    }

    /// <summary>The largest face of a photo as models see it, where it lies, and what is estimated on it; the whole picture, with neither, when there is none.</summary>
    internal static (byte[] View, JsonObject? Face, FaceReading? Reading) FaceView(FileInfo file, FaceFinder faces, FaceEstimates estimates)
    {
        var photo = ImageReader.ReadFile(file.FullName);
        var found = faces.Find(photo);
        if (found.Count == 0)
        {
            Terminal.Note($"{file.Name}: no face was found, so the whole picture is looked at.");
            return (ModelView.Whole(photo), null, null);
        }

        if (found.Count > 1) Terminal.Note($"{file.Name}: {found.Count} faces were found; the largest is looked at.");
        var view = found[0].Frame.CutFrom(photo);
        var reading = estimates.Of(view);
        foreach (var warning in reading?.Quality.Warnings ?? []) Terminal.Note($"{file.Name}: {warning.Observation} {warning.Advice}");
        return (ModelView.Whole(view), FaceDocument.Of(found[0], reading), reading);
    }

    private static async Task<AnswerFinished> AskAsync(IReasoningModel model, AnalysisRequest request, bool streams, CancellationToken cancellationToken)
    {
        AnswerFinished? end = null;
        await foreach (var update in model.AnswerAsync(request, cancellationToken))
        {
            if (streams && update is TextUpdate words) await Terminal.Result.WriteAsync(words.Text);
            if (update is AnswerFinished finished) end = finished;
        }

        if (streams) Terminal.Result.WriteLine();
        return end ?? throw new ModelUnavailableException("The model ended without finishing its answer. Try again; if it happens again, choose another checkpoint.");
    }

    private static JsonObject Describe(FileInfo file, string checkpoint, AnswerFinished answer, AlignmentTables tables, JsonObject? face, FaceReading? reading)
    {
        var check = ReasoningCheck.Of(ClaimReader.Read(answer.Text), FaceEstimates.EvidenceOf(reading), tables.Weights, tables.Prototypes);
        var trace = check.Reading.Trace;
        return new JsonObject
        {
            ["image"] = file.ToString(),
            ["checkpoint"] = checkpoint,
            ["reasoning"] = trace.Think?.Of(answer.Text).ToString().Trim(),
            ["answer"] = trace.AnswerText,
            ["emotion"] = trace.Emotion?.Name(),
            ["actionUnits"] = new JsonArray([.. trace.ActionUnits.Select(unit => (JsonNode)ActionUnit.CodeOf(unit))]),
            ["emotionProbabilities"] = new JsonObject(answer.EmotionProbabilities.Select(pair =>
                KeyValuePair.Create(pair.Key.Name(), (JsonNode?)Math.Round(pair.Value, 6)))),
            ["faces"] = face is null ? [] : new JsonArray(face),
            ["claims"] = CheckDocument.ClaimsOf(check),
            ["alignment"] = CheckDocument.AlignmentOf(check.Alignment),
            ["omissions"] = CheckDocument.OmissionsOf(check),
            ["formatOk"] = trace.FormatOk,
            ["tokens"] = answer.Tokens,
            ["seconds"] = Math.Round(answer.Elapsed.TotalSeconds, 3),
            ["served"] = answer.Served is { } served ? JsonSerializer.SerializeToNode(served, JsonSerializerOptions.Web) : null,
        };
    }
}
