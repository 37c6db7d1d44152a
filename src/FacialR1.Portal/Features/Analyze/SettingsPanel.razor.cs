using FacialR1.Analysis;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Analyze;

/// <summary>Checkpoint, legal basis of the next photos, and decoding.</summary>
public sealed partial class SettingsPanel : ComponentBase
{
    private bool isOpen;

    [Parameter, EditorRequired] public required RunSettings Settings { get; set; }
    [Parameter] public EventCallback<RunSettings> SettingsChanged { get; set; }
    [Parameter, EditorRequired] public required IReadOnlyList<CheckpointEntry> Checkpoints { get; set; }
    [Parameter, EditorRequired] public int LongestAnswer { get; set; }
    [Parameter] public LegalBasis Basis { get; set; }
    [Parameter] public EventCallback<LegalBasis> BasisChanged { get; set; }

    private DecodingOptions Decoding => Settings.Decoding;

    private string Summary => Decoding.Temperature == 0
        ? "likeliest words"
        : FormattableString.Invariant($"temperature {Decoding.Temperature:0.##}, seed {Decoding.Seed}");

    private Task Change(RunSettings settings) => SettingsChanged.InvokeAsync(settings);

    private Task Change(DecodingOptions decoding) => Change(Settings with { Decoding = decoding });
}
