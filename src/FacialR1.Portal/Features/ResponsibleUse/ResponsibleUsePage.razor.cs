using FacialR1.Portal.Configuration;
using FacialR1.Portal.Layout;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Features.ResponsibleUse;

/// <summary>What the portal may be used for, what it stores, for how long.</summary>
public sealed partial class ResponsibleUsePage : ComponentBase
{
    [Inject] public required IOptions<PathOptions> Paths { get; init; }
    [Inject] public required IOptions<ResponsibleUseOptions> Rules { get; init; }
    [Inject] public required IOptions<UploadOptions> Uploads { get; init; }
    [CascadingParameter] public required Visitor Visitor { get; set; }

    private string KeptFor => Uploads.Value.UnusedPhotosAreKeptFor switch
    {
        { TotalDays: >= 2 } long_ => $"{long_.TotalDays:0.#} days",
        { TotalDays: >= 1 } => "a day",
        var short_ => $"{short_.TotalHours:0.#} hours",
    };
}
