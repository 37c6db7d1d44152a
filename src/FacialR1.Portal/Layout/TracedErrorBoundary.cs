using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace FacialR1.Portal.Layout;

/// <summary>Catches what a page did not: logs it under a trace id, shows that id, and lets the visitor try again.</summary>
public sealed partial class TracedErrorBoundary : ErrorBoundaryBase
{
    private string traceId = "";

    [Inject] public required ILogger<TracedErrorBoundary> Logger { get; init; }

    protected override Task OnErrorAsync(Exception exception)
    {
        traceId = (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
        Log.PageFailed(Logger, traceId, exception);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }
        builder.OpenComponent<PageProblem>(1);
        builder.AddComponentParameter(2, nameof(PageProblem.TraceId), traceId);
        builder.AddComponentParameter(3, nameof(PageProblem.OnRetry), EventCallback.Factory.Create(this, Recover));
        builder.CloseComponent();
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Error, "A page failed (trace {TraceId})")]
        public static partial void PageFailed(ILogger logger, string traceId, Exception error);
    }
}
