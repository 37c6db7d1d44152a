using System.CommandLine;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Commands;

/// <summary>The portal's commands. Without one the program serves the web portal.</summary>
public static class PortalCommandLine
{
    /// <summary>Everything went well.</summary>
    public const int Success = 0;

    /// <summary>Some of several inputs failed, or the work was stopped before its end.</summary>
    public const int Partial = 1;

    /// <summary>The command could not be carried out; the message says what to do.</summary>
    public const int Failure = 2;

    /// <summary>Whether the arguments ask for a command; host arguments such as <c>--urls</c> and no arguments at all mean serving.</summary>
    public static bool Handles(IReadOnlyList<string> args) =>
        args.Count > 0 && (Root().Subcommands.Any(command => command.Name == args[0]) || args[0] is "--help" or "-h" or "-?" or "--version");

    /// <summary>Carries out a command.</summary>
    /// <returns>The exit code: 0 done, 1 partly done or stopped, 2 failed.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var parsed = Parse(args);
        if (parsed.Errors.Count > 0 && args.Length > 0 && !args[0].StartsWith('-'))
        {
            foreach (var error in parsed.Errors) Terminal.Problem(error.Message);
            Terminal.Problem($"Type \"{args[0]} --help\" for what the command takes.");
            return Failure;
        }

        try
        {
            return await parsed.InvokeAsync(Patient, cancellationToken);
        }
        catch (OptionsValidationException error)
        {
            // The web portal refuses to start with the same words.
            foreach (var fault in error.Failures) Terminal.Problem(fault);
            Terminal.Problem("The configuration cannot be used: correct appsettings.json or the environment variables of these names.");
            return Failure;
        }
    }

    /// <summary>Gives a command time to save what it does after Ctrl-C or a request to end; two seconds, the usual, would cut a training step short.</summary>
    internal static InvocationConfiguration Patient { get; } = new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(10), EnableDefaultExceptionHandler = false };

    internal static ParseResult Parse(string[] args) => Root().Parse(args);

    private static RootCommand Root() => new(
        """
        Facial-R1: looks at faces, reasons over facial action units and names an emotion; checks and trains the models that do so.

        Without a command the web portal starts; host arguments such as --urls http://localhost:8080 are passed on.
        Outputs describe visible movement and a model's label, not what a person feels.
        """)
    {
        AnalyzeCommand.Create(), CheckCommand.Create(), CheckpointsCommand.Create(), TrainCommand.Create(), EvaluateCommand.Create(), ProbeCommand.Create(), CompareCommand.Create(),
        BenchmarksCommand.Create(), ReportCommand.Create(), BenchCommand.Create(), RunsCommand.Create(), WatchCommand.Create(),
    };
}
