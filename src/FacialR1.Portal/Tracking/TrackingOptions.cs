using System.ComponentModel.DataAnnotations;

namespace FacialR1.Portal.Tracking;

/// <summary>Runs that trainers elsewhere report over the MLflow tracking protocol.</summary>
public sealed record TrackingOptions
{
    public const string Section = "Tracking";

    /// <summary>What a trainer must send as <c>MLFLOW_TRACKING_TOKEN</c>. Without one the portal takes nothing from outside. Give it in the environment (<c>Tracking__Token</c>), not in a file.</summary>
    [MinLength(16, ErrorMessage = "Tracking:Token must have at least 16 characters; \"openssl rand -hex 24\" makes a good one.")]
    public string? Token { get; init; }
}
