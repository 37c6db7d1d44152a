namespace FacialR1.Portal.Runs;

/// <summary>How two snapshots of the catalogue differ.</summary>
public static class RunChanges
{
    public static (IReadOnlyList<RunSummary> Changed, IReadOnlyList<string> Removed) Between(IReadOnlyList<RunSummary> before, IReadOnlyList<RunSummary> after)
    {
        var known = before.ToDictionary(run => run.Id);
        return ([.. after.Where(run => known.GetValueOrDefault(run.Id) != run)], [.. before.Select(run => run.Id).Except(after.Select(run => run.Id))]);
    }
}
