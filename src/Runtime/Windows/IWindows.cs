namespace Penstock.Windows;

/// <summary>The windows of a task, as its subtask sees them.</summary>
internal interface IWindows
{
    /// <summary>
    /// Whether the watermark has reached the end of windows that have yet to fire, or to close: after a restore, where the checkpoint was
    /// taken in between.
    /// </summary>
    bool AreDue { get; }

    /// <summary>Whether a checkpoint can be taken as things are, also in the middle of a firing.</summary>
    bool CanBeSaved { get; }
}
