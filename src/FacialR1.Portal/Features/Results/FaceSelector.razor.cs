using FacialR1.Portal.Storage;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace FacialR1.Portal.Features.Results;

/// <summary>The photo with a box around each face; each box is a button.</summary>
public sealed partial class FaceSelector : ComponentBase, IAsyncDisposable
{
    private IJSObjectReference? script;

    [Inject] public required IJSRuntime Browser { get; init; }

    /// <summary>What the words beside the photo share with it; null where there are none.</summary>
    [CascadingParameter] public LinkedSelection? Selection { get; set; }

    /// <summary>What is drawn for questions about reasons; null where none can be asked.</summary>
    [CascadingParameter] public Faithfulness.ProbeChoice? Choice { get; set; }

    [Parameter, EditorRequired] public required PhotoRecord Photo { get; set; }

    /// <summary>Where the picture is; null for the stored one.</summary>
    [Parameter] public string? Source { get; set; }

    /// <summary>Position in <see cref="PhotoRecord.Faces"/>; null when the whole picture was taken.</summary>
    [Parameter] public int? ChosenFace { get; set; }
    [Parameter] public bool IsBusy { get; set; }
    [Parameter] public EventCallback<int> OnChosen { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        script = await Browser.InvokeAsync<IJSObjectReference>("import", "./Features/Results/FaceSelector.razor.js");
        await script.InvokeVoidAsync("listen");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (script is null) return;
            await script.InvokeVoidAsync("leave");
            await script.DisposeAsync();
        }
        catch (JSDisconnectedException) { }   // the tab is gone, and the module with it
    }

    private VisionLanguage.Faces.FaceFrame SeenFrame => ChosenFace is { } face && face < Photo.Faces.Count ? Photo.Faces[face].Frame : new(new VisionLanguage.Images.PixelBox(0, 0, Photo.Width, Photo.Height));

    private string FrameStyle => FormattableString.Invariant($"aspect-ratio:{Photo.Width}/{Photo.Height};--photo-ratio:{(double)Photo.Width / Photo.Height:0.####}");

    private string FaceCount => Photo.Faces.Count switch { 0 => "no face found", 1 => "1 face found", var count => $"{count} faces found" };

    private string FaceLabel(int index) => $"Face {index + 1} of {Photo.Faces.Count}, " + (index == ChosenFace ? "chosen" : "choose it");

    /// <summary>In percent of the photo, so that it fits at any size; a box that reaches beyond the photo ends at its edge.</summary>
    private string BoxStyle(PixelArea box)
    {
        var (left, top) = (Math.Max(0, box.X), Math.Max(0, box.Y));
        var (right, bottom) = (Math.Min(Photo.Width, box.X + box.Width), Math.Min(Photo.Height, box.Y + box.Height));
        return FormattableString.Invariant(
            $"left:{100.0 * left / Photo.Width:0.##}%;top:{100.0 * top / Photo.Height:0.##}%;width:{100.0 * (right - left) / Photo.Width:0.##}%;height:{100.0 * (bottom - top) / Photo.Height:0.##}%");
    }
}
