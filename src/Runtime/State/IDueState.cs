namespace Penstock.State;

/// <summary>State of a task that fires when event time reaches it: windows or timers, as seen by its subtask.</summary>
internal interface IDueState
{
    /// <summary>
    /// Indicates whether the watermark has reached windows or timers that have not fired or closed yet. This occurs after a restore from a
    /// checkpoint that was taken in between.
    /// </summary>
    bool IsDue { get; }

    /// <summary>Indicates whether a checkpoint can be taken now, possibly in the middle of a firing.</summary>
    bool CanBeSaved { get; }
}
