using FacialR1.Portal.Runs;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Features.Training;

/// <summary>Starts a run: choose a stage and a preset, fill in, see what changes, start. Stage and preset are in the address.</summary>
public sealed partial class NewRunPage : ComponentBase
{
    private readonly Dictionary<string, string> values = [];
    private IReadOnlyList<RunForm> forms = [];
    private IReadOnlyList<RunPreset> presets = [];
    private IReadOnlyList<string> problems = [];
    private RunForm? form;
    private RunPreset? preset;
    private RunPreview? preview;
    private string device = "";
    private bool isBusy;

    [Inject] public required RunDesk Desk { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [SupplyParameterFromQuery(Name = "command")] public string? Command { get; set; }
    [SupplyParameterFromQuery(Name = "preset")] public string? Preset { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (forms.Count == 0) forms = await Task.Run(Desk.Forms);
        var wanted = forms.FirstOrDefault(each => each.Command == Command) ?? (forms.Count > 0 ? forms[0] : null);
        if (wanted is null) return;
        presets = [.. RunPreset.Of(forms).Where(each => each.Command == wanted.Command)];
        var chosen = presets.FirstOrDefault(each => each.Name == Preset) ?? (presets.Count > 0 ? presets[0] : null);
        if (wanted == form && chosen == preset) return;
        (form, preset, preview, problems) = (wanted, chosen, null, []);
        if (device.Length == 0) device = Desk.Devices[0];
        values.Clear();
        foreach (var (option, value) in chosen?.Options ?? new Dictionary<string, string>()) values[option] = value;
        // Where there is one choice it is made.
        foreach (var field in wanted.Fields.Where(field => field is { IsRequired: true, Choices.Count: 1 })) values[field.Option] = field.Choices[0];
    }

    private string? Value(RunField field) => values.GetValueOrDefault(field.Option);

    private void Set(RunField field, ChangeEventArgs change)
    {
        values[field.Option] = change.Value switch { bool isOn => isOn ? "true" : "", var text => text?.ToString() ?? "" };
        // What was compared is no longer what would start.
        preview = null;
    }

    private RunSubmission Submission => new(form!.Command, new Dictionary<string, string>(values.Where(value => value.Value.Length > 0)), device);

    private Task PreviewAsync() => TryAsync(async () => preview = await Desk.PreviewAsync(Submission, CancellationToken.None));

    private Task StartAsync() => TryAsync(async () => Navigation.NavigateTo(RunLinks.Run(await Desk.SubmitAsync(Submission, CancellationToken.None))));

    private async Task TryAsync(Func<Task> work)
    {
        (isBusy, problems) = (true, []);
        try { await work(); }
        catch (RunFormException error) { (problems, preview) = (error.Problems, null); }
        catch (Exception error) when (error is RunDeskException or IOException or UnauthorizedAccessException) { (problems, preview) = ([error.Message], null); }
        finally { isBusy = false; }
    }
}
