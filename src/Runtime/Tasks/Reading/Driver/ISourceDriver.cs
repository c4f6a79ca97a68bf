using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>The source of a subtask.</summary>
internal interface ISourceDriver : IDisposable
{
    string Id { get; }

    /// <summary>The index of the subtask.</summary>
    int Subtask { get; }

    /// <summary>Indicates whether its rows have event time.</summary>
    bool HasEventTime { get; }

    /// <summary>Indicates whether a downstream operator depends on event time, and splits without rows hold it back indefinitely.</summary>
    bool WaitsForQuietSplits { get; }

    /// <summary>
    /// Indicates whether the source is paused because others are too far behind in event time. May be read on any thread.
    /// </summary>
    bool IsPaused { get; }

    /// <summary>
    /// Indicates whether splits are read concurrently, as for topics: there are then few of them, and each has its own watermark.
    /// </summary>
    bool IsStreaming { get; }

    /// <summary>Indicates whether splits may appear after all have ended.</summary>
    bool IsUnbounded { get; }

    /// <summary>
    /// Returns the event time of each split of the subtask. May be called on any thread; the result may be slightly outdated.
    /// </summary>
    IReadOnlyList<SplitTime> SplitTimes();

    /// <summary>The furthest watermark of the splits in the restored checkpoint, including those of other subtasks.</summary>
    long Reached { get; }

    /// <summary>Lists the splits, without any other effect.</summary>
    IReadOnlyList<SourceSplit> Discover();

    /// <summary>
    /// Returns the subtasks of the source, on any node, that have splits to read: splits that had not ended in the restored checkpoint.
    /// </summary>
    IReadOnlySet<int> ReadingSubtasks();

    /// <summary>Discovers and restores the splits. Called once, after saved parts were restored.</summary>
    /// <param name="isFinished">
    /// <c>true</c> if the restored job had finished: then the splits must be exactly those in the checkpoint.
    /// </param>
    void Open(bool isFinished);

    /// <summary>Reads one batch and runs it through the task, then schedules the next pump.</summary>
    void Pump();

    /// <summary>Advances the watermark without a row, for tests.</summary>
    void AdvanceWatermark(long watermark);

    /// <summary>Stops reading; barriers still pass.</summary>
    void Stop();

    /// <summary>Stops reading, and advances event time to its end; barriers still pass.</summary>
    void Drain();

    /// <summary>Notifies the source of a completed checkpoint. May be called on any thread.</summary>
    void CheckpointCompleted();

    /// <summary>Describes the position of a row of the current batch in the source, or returns null if it is not known.</summary>
    string? Describe(int index);
}
