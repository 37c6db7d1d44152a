namespace FacialR1.Portal.Runs;

/// <summary>A form filled in beforehand.</summary>
/// <param name="Options">Values by option; what is not named stays at the command's default.</param>
public sealed record RunPreset(string Name, string Command, string Description, IReadOnlyDictionary<string, string> Options)
{
    private static readonly Dictionary<string, string> Small = new()
    {
        ["--limit"] = "512", ["--teacher-epochs"] = "2", ["--vision-epochs"] = "2", ["--text-epochs"] = "1", ["--steps"] = "20",
    };

    /// <summary>Two for each form: as the command is by itself, and small, to see within minutes that everything works.</summary>
    public static IReadOnlyList<RunPreset> Of(IReadOnlyList<RunForm> forms) => [.. forms.SelectMany(Of)];

    private static IEnumerable<RunPreset> Of(RunForm form)
    {
        yield return new RunPreset("Usual", form.Command, "The command's own settings.", new Dictionary<string, string>());
        var small = Small.Where(option => form.Fields.Any(field => field.Option == option.Key)).ToDictionary();
        if (small.Count > 0) yield return new RunPreset("Trial", form.Command, "A few samples and steps: shows within minutes that everything works, and teaches next to nothing.", small);
    }
}
