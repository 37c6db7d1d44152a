using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FacialR1.Portal.Live;
using FacialR1.Training.Runs;
using Microsoft.AspNetCore.SignalR;

namespace FacialR1.Portal.Commands;

/// <summary><c>watch</c>: follows a run of a portal from anywhere.</summary>
internal static class WatchCommand
{
    private static readonly JsonSerializerOptions Line = new(JsonSerializerDefaults.Web);
    private static readonly Argument<Uri> Portal = new("url")
    {
        Description = "Address of the portal, such as http://localhost:5000.",
        CustomParser = given => Uri.TryCreate(given.Tokens[0].Value.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : Refuse(given),
    };

    private static readonly Argument<string?> Run = new("run") { Description = "Id of the run. Without it the runs are listed.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<long> After = new("--after") { Description = "Number of the last event that is already known.", DefaultValueFactory = _ => 0 };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line." };

    public static Command Create()
    {
        var watch = new Command("watch",
            """
            Follows a training run of a portal, here or on another machine: first everything that happened, then what happens. A lost connection is
            taken up again where it broke. Ends with 0 when the run is completed and with 1 when it was stopped or failed.
            """)
        { Portal, Run, After, Json };
        watch.SetAction(WatchAsync);
        return watch;
    }

    private static async Task<int> WatchAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var remote = new RemoteRun(arguments.GetRequiredValue(Portal), TimeProvider.System)
        {
            Waiting = (problem, wait) => Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"No connection ({problem}) Trying again in {wait.TotalSeconds:0.#} s.")),
        };
        try
        {
            return arguments.GetValue(Run) is { } run
                ? await FollowAsync(remote, run, arguments.GetValue(After), arguments.GetValue(Json), cancellationToken)
                : await ListAsync(remote, arguments.GetValue(Json), cancellationToken);
        }
        catch (HubException error)
        {
            Terminal.Problem(error.Message);
            return PortalCommandLine.Failure;
        }
        catch (HttpRequestException error)
        {
            Terminal.Problem($"The portal cannot be reached: {error.Message} Check the address and that the portal runs.");
            return PortalCommandLine.Failure;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return PortalCommandLine.Partial;
        }
    }

    private static async Task<int> FollowAsync(RemoteRun remote, string run, long after, bool json, CancellationToken cancellationToken)
    {
        await foreach (var batch in remote.FollowAsync(run, after, cancellationToken))
        {
            foreach (var read in batch.Events) await Terminal.Result.WriteLineAsync(json ? JsonSerializer.Serialize(read, Line) : read.ToString());
            // In the middle of a replay an end is only an end of long ago.
            if (!batch.HasMore && EndOf(batch.Events[^1]) is { } code) return code;
        }

        return PortalCommandLine.Partial;
    }

    private static int? EndOf(RunEvent last) => last.Kind switch
    {
        "completed" => PortalCommandLine.Success,
        "stopped" or "failed" => PortalCommandLine.Partial,
        _ => null,
    };

    private static async Task<int> ListAsync(RemoteRun remote, bool json, CancellationToken cancellationToken)
    {
        var runs = await remote.ListAsync(cancellationToken);
        RunsCommand.Write(runs, json);
        return PortalCommandLine.Success;
    }

    private static Uri? Refuse(System.CommandLine.Parsing.ArgumentResult given)
    {
        given.AddError($"\"{given.Tokens[0].Value}\" is no address of a portal. Give one such as http://localhost:5000.");
        return null;
    }
}
