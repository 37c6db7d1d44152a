using TorchSharp;

namespace FacialR1.TestKit;

/// <summary>Counts tensors that an action leaves alive. Counted per thread, so tests beside it do not disturb.</summary>
public static class LeakCheck
{
    /// <summary>Tensors that live after the action and did not before; a finalizer that tidies up later does not hide a leak.</summary>
    public static long TensorsLeftBy(Action action)
    {
        var before = Live;
        action();
        return Live - before;
    }

    private static long Live => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
