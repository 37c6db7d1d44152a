using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;
using FacialR1.Portal.Runs;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Native;

namespace FacialR1.Portal.Commands;

/// <summary>What every training command does so that the portal can offer it in a form and take up its runs again.</summary>
internal static class TrainedHere
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Belongs to each training command.</summary>
    public static Option<bool> Describe { get; } = new(RunForm.DescribeOption) { Description = "Print the configuration that would be written to run.json, and train nothing." };

    /// <summary>Answers <c>--describe</c>.</summary>
    /// <returns>Whether the command was only asked; then it is done.</returns>
    public static bool IsQuestion(ParseResult arguments, JsonObject configuration)
    {
        if (!arguments.GetValue(Describe)) return false;
        Terminal.Result.WriteLine(configuration.ToJsonString(Indented));
        return true;
    }

    /// <summary>Opens the run folder of a command, or answers <c>--describe</c>.</summary>
    /// <param name="description">The configuration as it is kept in the run folder.</param>
    /// <param name="folder">Made when absent.</param>
    /// <returns>Null when the command was only asked; then it is done.</returns>
    public static RunFolder? Open(ParseResult arguments, JsonObject description, string folder)
    {
        if (IsQuestion(arguments, description)) return null;
        var run = RunFolder.CreateOrOpen(folder, description);
        Remember(run, arguments);
        Terminal.Note($"Run folder: {run.Path}");
        return run;
    }

    /// <summary>Writes down how the run was started, unless the portal has done so already.</summary>
    public static void Remember(RunFolder run, ParseResult arguments)
    {
        if (RunLaunch.Read(run.Path) is not null) return;
        var command = arguments.CommandResult.Command;
        var path = new List<string>();
        for (var level = arguments.CommandResult; level is not null && level.Command.Name != "train"; level = level.Parent as CommandResult) path.Insert(0, level.Command.Name);
        var given = command.Options.Where(option => option.Name is not (RunForm.RunOption or RunForm.DescribeOption)).Select(option => (option.Name, Result: arguments.GetResult(option)))
            .Where(option => option.Result is { Implicit: false }).ToDictionary(option => option.Name, option => option.Result!.Tokens.Count == 0 ? "" : option.Result.Tokens[^1].Value);
        var values = path.Concat(given.Select(option => option.Value.Length == 0 ? option.Key : $"{option.Key}={option.Value}"));
        new RunLaunch(string.Join(' ', path), [.. values], given, ComputeDevice.NameOf(ComputeDevice.Usual, Environment.GetEnvironmentVariable(ComputeDevice.VisibleVariable)), given.GetValueOrDefault("--checkpoint") ?? given.GetValueOrDefault("--parent"), Environment.CurrentDirectory, TimeProvider.System.GetUtcNow()).Write(run.Path);
    }
}
