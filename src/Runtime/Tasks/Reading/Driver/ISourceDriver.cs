using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>What a subtask knows of the source that feeds it.</summary>
internal interface ISourceDriver : IDisposable
{
    string Id { get; }

    /// <summary>Whether its rows have event time.</summary>
    bool HasEventTime { get; }

    /// <summary>Whether an operator behind it notices that event time moves on, and splits without rows hold it back for ever.</summary>
    bool WaitsForQuietSplits { get; }

    /// <summary>Whether it reads nothing for the moment, because others are too far behind in event time; on any thread.</summary>
    bool IsHeld { get; }

    /// <summary>Whether splits are read side by side, as those of topics are: then there are few, and each has a time of its own.</summary>
    bool IsStreaming { get; }

    /// <summary>How far event time has come in each split of the subtask; on any thread, as of a moment ago.</summary>
    IReadOnlyList<SplitTime> SplitTimes();

    /// <summary>The furthest watermark of the splits in the restored checkpoint, those of other subtasks included.</summary>
    long Reached { get; }

    /// <summary>Lists the splits, and does no more.</summary>
    IReadOnlyList<SourceSplit> Discover();

    /// <summary>Discovers and restores the splits; called once, after saved parts were handed over.</summary>
    /// <param name="isFinished">Whether the restored job had finished: then every split must be one that it knew, and none be gone.</param>
    void Open(bool isFinished);

    /// <summary>Reads one batch and runs it through the task, then arranges for the next pump.</summary>
    void Pump();

    /// <summary>Moves the watermark on without a row, in tests.</summary>
    void AdvanceWatermark(long watermark);

    /// <summary>Reads no further; barriers still pass.</summary>
    void Stop();

    /// <summary>Reads no further, and moves event time to its end; barriers still pass.</summary>
    void Drain();

    /// <summary>Tells the source of a checkpoint that is complete; on any thread.</summary>
    void CheckpointCompleted();

    /// <summary>Says where a row of the current batch stands in the source; null where that is not known.</summary>
    string? Describe(int index);
}
