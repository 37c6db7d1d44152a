using FacialR1.Analysis.Alignment;
using FacialR1.Analysis.Reasoning;
using FacialR1.Analysis.Verification;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Inference;
using FacialR1.VisionLanguage.Images;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Features.Check;

/// <summary>A text of any origin, checked. A short text stays in the address, so that the result can be shared.</summary>
public sealed partial class CheckPage : ComponentBase, IDisposable
{
    /// <summary>Longer addresses are cut off by some servers and mail programs.</summary>
    private const int LongestInAddress = 1_500;

    private string? text, units, label, problem, shown;
    private ReasoningCheck? check;
    private IReadOnlyList<CheckedLine> lines = [];
    private CheckedLine? chosen;
    private readonly LinkedSelection selection = new();
    private PhotoOfText? photo;

    [Inject] public required AlignmentTables Tables { get; init; }
    [Inject] public required FaceFinder Faces { get; init; }
    [Inject] public required FaceEstimates Estimates { get; init; }
    [Inject] public required IOptions<UploadOptions> Uploads { get; init; }
    [Inject] public required NavigationManager Navigation { get; init; }
    [CascadingParameter] public required Layout.Visitor Visitor { get; set; }
    [SupplyParameterFromQuery(Name = "text")] public string? TextInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "units")] public string? UnitsInAddress { get; set; }
    [SupplyParameterFromQuery(Name = "label")] public string? LabelInAddress { get; set; }

    protected override void OnParametersSet()
    {
        var address = $"{TextInAddress}\n{UnitsInAddress}\n{LabelInAddress}";
        if (string.IsNullOrEmpty(TextInAddress) || address == shown) return;
        (shown, text, units, label) = (address, TextInAddress, UnitsInAddress, LabelInAddress);
        Check();
    }

    private async Task TakeFileAsync(InputFileChangeEventArgs files)
    {
        (check, problem, lines, chosen) = (null, null, [], null);
        if (files.File.Size > TextFile.LargestFile)
        {
            problem = $"{files.File.Name} is larger than {Results.Figures.Bytes(TextFile.LargestFile)}. Split it, or use “check --text file.jsonl” on the command line.";
            return;
        }

        try
        {
            await using var file = files.File.OpenReadStream(TextFile.LargestFile);
            var content = await TextFile.TextOfAsync(file, CancellationToken.None);
            // Two thousand texts take a moment; a circuit must stay responsive meanwhile.
            lines = await Task.Run(() => TextFile.Read(content, Tables));
            if (lines.FirstOrDefault(line => line.Check is not null) is { } first) Show(first);
        }
        catch (Exception error) when (error is FormatException or IOException)
        {
            problem = error.Message;
        }
    }

    private void Show(CheckedLine line)
    {
        (chosen, check) = (line, line.Check);
        if (check is not null) selection.Show(check, photo?.Reading?.Landmarks);
    }

    protected override void OnInitialized() => selection.Chosen += StateHasChanged;

    public void Dispose() => selection.Chosen -= StateHasChanged;

    private async Task TakePhotoAsync(InputFileChangeEventArgs files)
    {
        if (!Visitor.HasAcknowledged) return;
        problem = null;
        try
        {
            photo = await PhotoOfText.ReadAsync(files.File, Faces, Estimates, Uploads, CancellationToken.None);
            if (check is not null && chosen is null) Check();
        }
        catch (Exception error) when (error is ImageRejectedException or IOException)
        {
            (photo, problem) = (null, error.Message);
        }
    }

    private void ChooseFace(int face)
    {
        photo = photo?.About(face, Estimates);
        if (check is not null && chosen is null) Check();
    }

    private void Submit()
    {
        Check();
        if (problem is not null) return;
        var keep = text!.Length <= LongestInAddress;
        shown = keep ? $"{text}\n{units}\n{label}" : null;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters("/check", new Dictionary<string, object?>
        {
            ["text"] = keep ? text : null, ["units"] = keep ? units : null, ["label"] = keep ? label : null,
        }), replace: true);
    }

    private void Check()
    {
        (check, problem, lines, chosen) = (null, null, [], null);
        if (string.IsNullOrWhiteSpace(text))
        {
            problem = "Paste a text first.";
            return;
        }

        try
        {
            check = ReasoningCheck.Of(ClaimReader.Read(text), FaceLabels.Evidence(FaceLabels.Units(units), null).Over(FaceEstimates.EvidenceOf(photo?.Reading)), Tables.Weights, Tables.Prototypes, FaceLabels.Label(label));
            selection.Show(check, photo?.Reading?.Landmarks);
        }
        catch (FormatException error)
        {
            problem = error.Message;
        }
    }
}
