using System.CommandLine;
using System.Globalization;

namespace FacialR1.Portal.Runs;

/// <summary>What kind of value a field takes.</summary>
#pragma warning disable CA1720 // "Integer" is what a form asks for here, not a type of some language.
public enum RunFieldKind { Text, Integer, Number, Switch, Choice }
#pragma warning restore CA1720

/// <summary>One option of a training command, as a field of a form.</summary>
/// <param name="Option">With its dashes: <c>--seed</c>.</param>
/// <param name="Label">For people: "Seed".</param>
/// <param name="Default">What the command takes when nothing is given; null where the command decides by itself.</param>
/// <param name="Choices">The values there are, for <see cref="RunFieldKind.Choice"/>; empty otherwise.</param>
public sealed record RunField(string Option, string Label, string Description, RunFieldKind Kind, bool IsRequired, string? Default, IReadOnlyList<string> Choices);

/// <summary>A training command that can be started from a form. It is read from the command line's own definition, so that both offer the same.</summary>
/// <param name="Command">Names behind <c>train</c>: <c>sft</c>, <c>recipe mini</c>.</param>
/// <param name="Describes">Whether the command prints its configuration with <c>--describe</c>.</param>
public sealed record RunForm(string Command, string Description, IReadOnlyList<RunField> Fields, bool Describes)
{
    public const string RunOption = "--run", DescribeOption = "--describe", DataOption = "--data", AcceptedOption = "--accepted";

    /// <summary>About what a terminal shows, not about the run.</summary>
    private const string JsonOption = "--json";

    private const int LongestText = 200;

    /// <summary>Options that name a checkpoint.</summary>
    private static readonly string[] CheckpointOptions = ["--checkpoint", "--blind-checkpoint", "--parent", "--reference"];

    /// <summary>Whether the value of an option is a checkpoint.</summary>
    public static bool NamesCheckpoint(string option) => CheckpointOptions.Contains(option);

    /// <summary>All commands below <paramref name="train"/> that do something themselves.</summary>
    /// <param name="dataFolders">Names of the data folders that may be trained on.</param>
    /// <param name="checkpoints">Names of the checkpoints a run may begin from.</param>
    /// <param name="syntheses">Names of the runs whose texts may be learnt.</param>
    public static IReadOnlyList<RunForm> Of(Command train, IReadOnlyList<string> dataFolders, IReadOnlyList<string> checkpoints, IReadOnlyList<string> syntheses) =>
        [.. Leaves(train, "").Select(leaf => Of(leaf.Path, leaf.Command, option => option switch
        {
            DataOption => dataFolders,
            AcceptedOption => syntheses,
            _ => NamesCheckpoint(option) ? checkpoints : null,
        }))];

    /// <summary>The arguments behind <c>train</c>. Each option and its value is one argument (<c>--seed=11</c>), so that no value is ever read as an option.</summary>
    /// <param name="options">Values by option; empty ones count as not given.</param>
    /// <param name="resolve">Turns a chosen data folder or checkpoint into what the command takes.</param>
    /// <exception cref="RunFormException">Something is missing or out of place; the message names the fields.</exception>
    public IReadOnlyList<string> Arguments(IReadOnlyDictionary<string, string> options, Func<RunField, string, string> resolve)
    {
        var problems = options.Keys.Where(name => Fields.All(field => field.Option != name)).Select(name => $"{name} is no option of {Command}.").ToList();
        var arguments = new List<string>(Command.Split(' '));
        foreach (var field in Fields)
        {
            var value = options.GetValueOrDefault(field.Option)?.Trim();
            if (string.IsNullOrEmpty(value))
            {
                if (field.IsRequired) problems.Add($"{field.Label} is needed.");
            }
            else if (Problem(field, value) is { } problem) problems.Add(problem);
            else if (field.Kind == RunFieldKind.Switch)
            {
                if (bool.Parse(value)) arguments.Add(field.Option);
            }
            else arguments.Add($"{field.Option}={resolve(field, value)}");
        }

        return problems.Count == 0 ? arguments : throw new RunFormException(problems);
    }

    private static string? Problem(RunField field, string value) => field.Kind switch
    {
        RunFieldKind.Integer when !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => $"{field.Label} takes a whole number, not \"{value}\".",
        RunFieldKind.Number when !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) => $"{field.Label} takes a number such as 0.04, not \"{value}\".",
        RunFieldKind.Switch when !bool.TryParse(value, out _) => $"{field.Label} is on (true) or off (false).",
        RunFieldKind.Choice when !field.Choices.Contains(value) => field.Choices.Count == 0 ? $"{field.Label}: there is nothing to choose from." : $"{field.Label} is one of {string.Join(", ", field.Choices)}, not \"{value}\".",
        _ when value.Length > LongestText || value.Any(char.IsControl) => $"{field.Label} takes at most {LongestText} characters on one line.",
        _ => null,
    };

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Where(child => !child.Hidden).SelectMany(child =>
    {
        var name = path.Length == 0 ? child.Name : $"{path} {child.Name}";
        return child.Subcommands.Count > 0 ? Leaves(child, name) : [(name, child)];
    });

    private static RunForm Of(string path, Command command, Func<string, IReadOnlyList<string>?> folders) => new(
        path, string.Join(' ', (command.Description ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
        [.. command.Options.Where(option => !option.Hidden && option.Name is not (RunOption or DescribeOption or JsonOption) && option is not System.CommandLine.Help.HelpOption).Select(option => Of(option, folders)).OfType<RunField>()],
        command.Options.Any(option => option.Name == DescribeOption));

    /// <returns>Null for an option that takes a path: a path from a browser is not trusted, and such options are left at their default.</returns>
    private static RunField? Of(Option option, Func<string, IReadOnlyList<string>?> folders)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        var (kind, choices) = option.Name switch
        {
            var name when folders(name) is { } names => (RunFieldKind.Choice, names),
            _ when type.IsEnum => (RunFieldKind.Choice, Enum.GetNames(type)),
            _ when type == typeof(bool) => (RunFieldKind.Switch, []),
            _ when type == typeof(int) || type == typeof(long) => (RunFieldKind.Integer, []),
            _ when type == typeof(double) || type == typeof(float) => (RunFieldKind.Number, []),
            _ when type == typeof(string) => (RunFieldKind.Text, []),
            _ => (default(RunFieldKind?), (IReadOnlyList<string>)[]),
        };
        if (kind is null) return null;
        var usual = option.HasDefaultValue && option.GetDefaultValue() is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
        var label = string.Join(' ', option.Name.TrimStart('-').Split('-').Select(word => word == "au" ? "AU" : word));
        return new RunField(option.Name, char.ToUpperInvariant(label[0]) + label[1..], option.Description ?? "", kind.Value, option.Required, usual, choices);
    }
}

/// <summary>A form was filled in wrongly.</summary>
public sealed class RunFormException(IReadOnlyList<string> problems) : Exception(string.Join(' ', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
