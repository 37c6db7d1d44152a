using System.Globalization;
using FacialR1.Portal.Features.Results;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>
/// Lines over steps or time: pointer and keys read single points, choose a part of the axis and open a step. The drawing is stretched by the browser,
/// so no size is known here; everything drawn is also a table.
/// </summary>
public sealed partial class LineChart : ComponentBase, IAsyncDisposable
{
    private const int Colors = 6;
    private const int RowsOfTable = 50;
    private ElementReference card;
    private ElementReference plot;
    private IJSObjectReference? script;
    private IJSObjectReference? pointer;
    private DotNetObjectReference<LineChart>? self;
    private ChartScene? shown;
    private string? shownMissing;
    private int? cursor;
    private bool isTableWanted;
    private bool isOwnChange;

    [Inject] public required IJSRuntime Browser { get; init; }

    /// <summary>Unique on the page, letters, digits and hyphens.</summary>
    [Parameter, EditorRequired] public required string Id { get; set; }
    [Parameter, EditorRequired] public required string Title { get; set; }
    [Parameter] public string Explanation { get; set; } = "";

    /// <summary>What is drawn; null where there is nothing yet. The chart renders again only for another scene.</summary>
    [Parameter, EditorRequired] public ChartScene? Scene { get; set; }

    /// <summary>What to say without a scene.</summary>
    [Parameter] public string Missing { get; set; } = "Not logged by this run.";
    [Parameter] public string? Note { get; set; }
    [Parameter] public string? CsvLink { get; set; }

    /// <summary>A part of the axis was chosen; null for everything.</summary>
    [Parameter] public EventCallback<ChartRange?> OnZoom { get; set; }

    /// <summary>A step was clicked, or Enter pressed on it.</summary>
    [Parameter] public EventCallback<long> OnOpen { get; set; }

    protected override void OnParametersSet()
    {
        if (Scene is null || shown is null || cursor is null) return;
        // A live curve grows under the cursor: it stays at its place on the axis, not at its number.
        if (!ReferenceEquals(Scene, shown)) cursor = cursor < shown.Points.Count ? Scene.Nearest(Place(Scene, shown.Points[cursor.Value].X)) : null;
    }

    protected override bool ShouldRender() => isOwnChange || !ReferenceEquals(Scene, shown) || Missing != shownMissing;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var hadPlot = shown is not null;
        (shown, shownMissing, isOwnChange) = (Scene, Missing, false);
        if (Scene is null || hadPlot) return;
        try
        {
            await StopFollowingAsync();
            script ??= await Browser.InvokeAsync<IJSObjectReference>("import", "./Features/Training/Charts/LineChart.razor.js");
            self ??= DotNetObjectReference.Create(this);
            pointer = await script.InvokeAsync<IJSObjectReference>("follow", plot, self);
        }
        catch (JSDisconnectedException) { }   // closed before it came alive
    }

    /// <summary>The pointer is over the plot, or has left it.</summary>
    /// <param name="place">From 0 (left) to 1; null when it left.</param>
    [JSInvokable]
    public void Hover(double? place)
    {
        var next = place is { } at && Scene is { Points.Count: > 0 } scene ? scene.Nearest(Math.Clamp(at, 0, 1)) : (int?)null;
        if (next == cursor) return;
        Set(next);
        StateHasChanged();
    }

    /// <summary>A part of the plot was drawn over.</summary>
    [JSInvokable]
    public Task SelectAsync(double from, double to)
    {
        if (Scene is not { } scene || !double.IsFinite(from) || !double.IsFinite(to)) return Task.CompletedTask;
        var (left, right) = (Math.Clamp(Math.Min(from, to), 0, 1), Math.Clamp(Math.Max(from, to), 0, 1));
        return right - left < 0.01 ? Task.CompletedTask : ZoomAsync(new ChartRange(scene.Range.From + left * scene.Range.Width, scene.Range.From + right * scene.Range.Width));
    }

    /// <summary>The plot was clicked at a place.</summary>
    [JSInvokable]
    public Task OpenAsync(double place) =>
        Scene is { Points.Count: > 0 } scene ? OnOpen.InvokeAsync(scene.Points[scene.Nearest(Math.Clamp(place, 0, 1))].Step) : Task.CompletedTask;

    private async Task MoveAsync(KeyboardEventArgs key)
    {
        if (Scene is not { Points.Count: > 0 } scene) return;
        var last = scene.Points.Count - 1;
        var at = Math.Min(cursor ?? last, last);
        switch (key.Key)
        {
            case "ArrowLeft" when key.ShiftKey: await ZoomAsync(scene.Range.Shift(-0.25, scene.Whole)); break;
            case "ArrowRight" when key.ShiftKey: await ZoomAsync(scene.Range.Shift(0.25, scene.Whole)); break;
            case "ArrowLeft" or "ArrowDown": Set(Math.Max(0, at - 1)); break;
            case "ArrowRight" or "ArrowUp": Set(cursor is null ? last : Math.Min(last, at + 1)); break;
            case "PageUp": Set(Math.Max(0, at - Math.Max(1, last / 10))); break;
            case "PageDown": Set(Math.Min(last, at + Math.Max(1, last / 10))); break;
            case "Home": Set(0); break;
            case "End": Set(last); break;
            case "+" or "=": await ZoomAsync(Around(scene, at, 0.5)); break;
            case "-": await ZoomAsync(scene.Range.Zoom(2, scene.Whole)); break;
            case "0": await OnZoom.InvokeAsync(null); break;
            case "Escape": Set(null); break;
            case "Enter": await OnOpen.InvokeAsync(scene.Points[at].Step); break;
        }
    }

    private void ToggleTable() => (isTableWanted, isOwnChange) = (!isTableWanted, true);

    private void Set(int? point) => (cursor, isOwnChange) = (point, true);

    private static ChartRange Around(ChartScene scene, int point, double factor)
    {
        var half = scene.Range.Width * factor / 2;
        var middle = Math.Clamp(scene.Points[point].X, scene.Whole.From + half, Math.Max(scene.Whole.From + half, scene.Whole.To - half));
        return new ChartRange(middle - half, Math.Min(scene.Whole.To, middle + half));
    }

    private Task ZoomAsync(ChartRange range) =>
        Scene is not { } scene ? Task.CompletedTask
        : range.From <= scene.Whole.From && range.To >= scene.Whole.To ? OnZoom.InvokeAsync(null)
        // Nearer than two steps or a second there is nothing to see.
        : range.Width < (scene.Axis == ChartAxis.Step ? 2 : 1) ? Task.CompletedTask
        : OnZoom.InvokeAsync(range);

    private async Task SavePictureAsync()
    {
        if (script is not null) await script.InvokeVoidAsync("savePicture", card, Title, $"{Id}.png");
    }

    private string CursorText => Scene is { Points.Count: > 0 } scene
        ? Spoken(scene, Math.Min(cursor ?? scene.Points.Count - 1, scene.Points.Count - 1))
        : "";

    private string Spoken(ChartScene scene, int at) => $"{PointText(at)}: " + string.Join(", ", scene.At(at).Select(reading =>
        $"{(scene.Lines.Count > 1 ? reading.Label + " " : "")}{AxisTicks.Number(reading.Value)}{(reading.Smoothed is { } smooth ? $", smoothed {AxisTicks.Number(smooth)}" : "")}"));

    private string PointText(int at)
    {
        var point = Scene!.Points[at];
        return string.Create(CultureInfo.InvariantCulture, $"step {point.Step:N0} · {AxisTicks.Duration(point.Seconds)}");
    }

    private IEnumerable<int> TableRows
    {
        get
        {
            var count = Scene!.Points.Count;
            var rows = Math.Min(count, RowsOfTable);
            return Enumerable.Range(0, rows).Select(row => rows == 1 ? 0 : (int)((long)row * (count - 1) / (rows - 1)));
        }
    }

    private string TableCaption => string.Create(CultureInfo.InvariantCulture,
        $"{Math.Min(Scene!.Points.Count, RowsOfTable):N0} of {Scene.Count:N0} logged points{(CsvLink is null ? "" : "; the CSV file has all")}.");

    private static double Place(ChartScene scene, double x) => scene.Range.Width > 0 ? (x - scene.Range.From) / scene.Range.Width : 0.5;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##}%");

    private static string Grid(double x, double y, bool isAcross) => isAcross
        ? string.Create(CultureInfo.InvariantCulture, $"M0 {y * ChartScene.Side:0.#}H{ChartScene.Side}")
        : string.Create(CultureInfo.InvariantCulture, $"M{x * ChartScene.Side:0.#} 0V{ChartScene.Side}");

    private async Task StopFollowingAsync()
    {
        if (pointer is not { } followed) return;
        pointer = null;
        await followed.InvokeVoidAsync("stop");
        await followed.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopFollowingAsync();
            if (script is not null) await script.DisposeAsync();
        }
        catch (JSDisconnectedException) { }   // the tab is gone, and the module with it
        self?.Dispose();
    }
}
