namespace Penstock;

/// <summary>
/// The split that determines a watermark: of all splits that are neither idle nor at their end, it is the furthest behind. Windows wait for
/// it. It is updated every few seconds.
/// </summary>
/// <param name="Source">The id of the source.</param>
/// <param name="Subtask">The subtask that reads the split, from 0.</param>
/// <param name="Split">The id of the split.</param>
/// <param name="Watermark">The watermark of the split; null if it has not had a row yet.</param>
/// <param name="Since">The time, by the clock, since which this split has been the slowest one, with this watermark.</param>
public sealed record SlowestSplit(string Source, int Subtask, string Split, DateTimeOffset? Watermark, DateTimeOffset Since);
