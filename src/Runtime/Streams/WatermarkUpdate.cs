namespace Penstock.Connectors;

/// <summary>
/// A point between two rows of a batch at which the watermark changes. Because updates are attached to rows and not to batch ends, results
/// do not depend on the batch size.
/// </summary>
/// <param name="Index">The index of the row that follows the update, or the row count of the batch if it is at the end.</param>
/// <param name="SplitWatermark">
/// The watermark of the split whose rows follow, in microseconds since the Unix epoch: its largest event time so far minus the maximum
/// delay. It determines which of these rows are late.
/// </param>
/// <param name="CombinedWatermark">
/// The watermark of the sender over all of its splits, in microseconds since the Unix epoch. It determines which windows and timers fire.
/// </param>
public readonly record struct WatermarkUpdate(int Index, long SplitWatermark, long CombinedWatermark);
