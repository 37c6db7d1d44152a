using System.Collections.Concurrent;

namespace FacialR1.Portal.Live;

/// <summary>The feeds of all unfinished analyses of this process.</summary>
public sealed class LiveFeeds
{
    private readonly ConcurrentDictionary<Guid, AnalysisFeed> feeds = new();

    /// <summary>The feed of an analysis that was queued or runs; null once it ended. Ask for the feed first and read the row after:
    /// in the other order an analysis could end in between and leave a reader with neither.</summary>
    public AnalysisFeed? Find(Guid analysisId) => feeds.GetValueOrDefault(analysisId);

    internal AnalysisFeed Open(Guid analysisId) => feeds.GetOrAdd(analysisId, static _ => new AnalysisFeed());

    /// <summary>Sends the end to everyone who listens and forgets the feed. The row must be written before.</summary>
    internal void End(Guid analysisId, AnalysisEnded ended)
    {
        if (feeds.TryRemove(analysisId, out var feed)) feed.Publish(ended);
    }
}
