namespace FacialR1.Portal.Tracking;

/// <summary>Other trainers' names for series that our own runs log under TRL's names, so that the same charts and overlays show both.</summary>
public static class SeriesNames
{
    /// <summary>verl's names and the few that TRL itself renamed.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["actor/pg_loss"] = "loss",
        ["actor/lr"] = "learning_rate",
        ["actor/grad_norm"] = "grad_norm",
        ["actor/kl_loss"] = "kl",
        ["actor/pg_clipfrac"] = "clip_ratio",
        ["actor/entropy"] = "entropy",
        ["actor/entropy_loss"] = "entropy",
        ["critic/rewards/mean"] = "reward",
        ["response_length/mean"] = "completions/mean_length",
        ["response_length/clip_ratio"] = "completions/clipped_ratio",
        ["timing_s/step"] = "step_time",
        ["clip_ratio/region_mean"] = "clip_ratio",
    };

    private static readonly string[] TrainingPrefixes = ["train/", "train_"];
    private static readonly string[] ValidationPrefixes = ["eval_", "eval/", "val_", "val/", "val-", "test_", "test/", "test-"];
    private static readonly HashSet<string> WithPrefix = [.. Known.Values, "reward_std", "epoch"];

    /// <summary>The name our charts know; the given one where there is none.</summary>
    public static string Ours(string name)
    {
        if (Known.TryGetValue(name, out var ours)) return ours;
        var prefix = TrainingPrefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        return prefix is not null && WithPrefix.Contains(name[prefix.Length..]) ? name[prefix.Length..] : name;
    }

    /// <summary>Measured on held-out data rather than in the step.</summary>
    public static bool IsValidation(string name) => ValidationPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
