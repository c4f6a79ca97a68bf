namespace Penstock.Connectors;

/// <summary>
/// A point between two rows of a batch at which event time is known to have moved on. Because updates stand at rows and not
/// at batch ends, results do not depend on the batch size.
/// </summary>
/// <param name="Index">The index of the row before which it stands; the row count of the batch when it stands at the end.</param>
/// <param name="SplitWatermark">
/// The watermark of the split whose rows follow, in microseconds since the Unix epoch: its largest event time so far less
/// the maximum delay. It decides which of these rows are late.
/// </param>
/// <param name="CombinedWatermark">The watermark of the sender over all of its splits. It decides which windows fire.</param>
public readonly record struct WatermarkUpdate(int Index, long SplitWatermark, long CombinedWatermark);
