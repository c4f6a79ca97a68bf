namespace Penstock.State;

/// <summary>State of a task that is emitted when event time reaches it: windows, timers or sorted rows, as seen by its subtask.</summary>
internal interface IDueState
{
    /// <summary>
    /// Indicates whether the watermark has reached windows, timers or rows that have not fired, closed or been passed on yet. This occurs
    /// after a restore from a checkpoint that was taken in between.
    /// </summary>
    bool IsDue { get; }

    /// <summary>Indicates whether a checkpoint can be taken now, possibly in the middle of a firing.</summary>
    bool CanBeSaved { get; }
}
