namespace Penstock.Windows;

/// <summary>The windows of a task, as seen by its subtask.</summary>
internal interface IWindows
{
    /// <summary>
    /// Indicates whether the watermark has reached the end of windows that have not fired or closed yet. This occurs after a restore from a
    /// checkpoint that was taken in between.
    /// </summary>
    bool AreDue { get; }

    /// <summary>Indicates whether a checkpoint can be taken now, possibly in the middle of a firing.</summary>
    bool CanBeSaved { get; }
}
