using FacialR1.Analysis.Reasoning;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace FacialR1.Portal.Features.Synthesis;

/// <summary>One synthesised sample with its labels, its attempts and the reviewer's decision.</summary>
public sealed partial class SampleReview : ComponentBase
{
    [Inject] public required Analysis.Alignment.AlignmentTables Tables { get; init; }

    private ElementReference card;
    private ElementReference field;
    private ReasoningTrace trace = ReasoningParser.Parse("");
    private string? edited;
    private bool wantsField;

    [Parameter, EditorRequired] public required string Run { get; set; }

    /// <summary>With the texts of its attempts.</summary>
    [Parameter, EditorRequired] public required SynthesisSample Sample { get; set; }
    [Parameter] public bool HasPhoto { get; set; }
    [Parameter] public EventCallback<(SynthesisSample Sample, ReviewDecision Decision, string? Text)> OnDecided { get; set; }

    /// <summary>1 for the next sample, -1 for the one before.</summary>
    [Parameter] public EventCallback<int> OnMove { get; set; }

    private string Text => Sample.Review is { Kind: ReviewDecision.Edit, Text: { } text } ? text : Sample.Chosen.Text ?? "";

    private string Verdict => Sample.Review?.Kind switch
    {
        ReviewDecision.Accept => "accepted by a person",
        ReviewDecision.Reject => "rejected by a person",
        ReviewDecision.Edit => "edited by a person",
        _ => Sample.IsAcceptedByFilter ? "accepted" : "rejected",
    };

    public ValueTask FocusAsync() => card.FocusAsync();

    protected override void OnParametersSet() => trace = ReasoningParser.Parse(Text);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!wantsField) return;
        wantsField = false;
        await field.FocusAsync();
    }

    private Task KeyAsync(KeyboardEventArgs key)
    {
        if (key.CtrlKey || key.AltKey || key.MetaKey || edited is not null) return Task.CompletedTask;
        switch (key.Key)
        {
            case "j": return OnMove.InvokeAsync(1);
            case "k": return OnMove.InvokeAsync(-1);
            case "a": return DecideAsync(ReviewDecision.Accept);
            case "r": return DecideAsync(ReviewDecision.Reject);
            case "u" when Sample.Review is not null: return DecideAsync(ReviewDecision.Undo);
            case "e": EditAsync(); return Task.CompletedTask;
            default: return Task.CompletedTask;
        }
    }

    private Task DecideAsync(ReviewDecision decision) => OnDecided.InvokeAsync((Sample, decision, null));

    private void EditAsync() => (edited, wantsField) = (Text, true);

    private async Task KeepAsync()
    {
        var text = edited!.Trim();
        if (ReviewCheck.Of(text, Sample.Emotion, Sample.LabelledUnits).Fault is not null) return;
        edited = null;
        await OnDecided.InvokeAsync((Sample, ReviewDecision.Edit, text));
        await card.FocusAsync();
    }

    private async Task LeaveAsync()
    {
        edited = null;
        await card.FocusAsync();
    }
}
