using System.Text.RegularExpressions;

namespace FacialR1.Portal.Tracking;

/// <summary>The part of MLflow's search language that finds a run again: equalities joined by <c>and</c>.</summary>
internal static partial class RunFilter
{
    /// <exception cref="MlflowException">The text asks for more than equalities.</exception>
    public static Func<MlflowRun, bool> Parse(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter)) return _ => true;
        var conditions = new List<Func<MlflowRun, bool>>();
        var place = 0;
        while (place < filter.Length)
        {
            var match = Condition().Match(filter, place);
            if (!match.Success || match.Index != place || match.Length == 0)
                throw MlflowException.Invalid($"The filter \"{filter}\" is not understood from \"{filter[place..]}\" on. Runs are found by equalities joined with and, such as attributes.run_name = 'first' and tags.stage = 'grpo'.");
            conditions.Add(Equality(match.Groups["scope"].Value.ToLowerInvariant(), match.Groups["quoted"] is { Success: true } quoted ? quoted.Value : match.Groups["name"].Value, match.Groups["value"].Value));
            place += match.Length;
        }

        return run => conditions.TrueForAll(condition => condition(run));
    }

    private static Func<MlflowRun, bool> Equality(string scope, string name, string value) => scope switch
    {
        "tag" or "tags" => run => run.Data.Tags.Any(tag => tag.Key == name && tag.Value == value),
        "param" or "params" or "parameter" or "parameters" => run => run.Data.Params.Any(parameter => parameter.Key == name && parameter.Value == value),
        _ => name.ToLowerInvariant() switch
        {
            "run_name" or "name" => run => run.Info.RunName == value,
            "run_id" => run => run.Info.RunId == value,
            "status" => run => string.Equals(run.Info.Status, value, StringComparison.OrdinalIgnoreCase),
            "user_id" => run => run.Info.UserId == value,
            _ => throw MlflowException.Invalid($"Runs cannot be searched by the attribute {name}; run_name, run_id, status and user_id are known."),
        },
    };

    [GeneratedRegex("""\s*(?:(?<scope>tags?|params?|parameters?|attributes?|attr|run)\s*\.\s*)?(?:[`"](?<quoted>[^`"]+)[`"]|(?<name>[\w.\-/]+))\s*=\s*(?:'(?<value>[^']*)'|"(?<value>[^"]*)")\s*(?:and\s+(?=\S)|$)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Condition();
}
