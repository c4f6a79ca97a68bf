using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>The event time of a split, for status and messages.</summary>
/// <param name="Id">The id of the split.</param>
/// <param name="Watermark">Its largest event time minus the maximum delay; <see cref="Watermarks.None"/> before its first row.</param>
/// <param name="IsIdle">Indicates whether it has been at its end long enough to be idle.</param>
/// <param name="HasEnded">Indicates whether it has ended.</param>
/// <param name="IsAtEnd">Indicates whether it has no rows for now.</param>
internal readonly record struct SplitTime(string Id, long Watermark, bool IsIdle, bool HasEnded, bool IsAtEnd)
{
    public bool IsActive => !IsIdle && !HasEnded;

    /// <summary>
    /// Returns the watermark of several splits: the lowest of the active ones, or, if none is active, the furthest of all.
    /// </summary>
    /// <param name="splits">The splits.</param>
    /// <returns>The watermark; <see cref="Watermarks.End"/> if all have ended.</returns>
    public static long Combined(IReadOnlyCollection<SplitTime> splits)
    {
        var combined = Watermarks.End;
        var furthest = Watermarks.None;
        foreach (var split in splits)
        {
            combined = Math.Min(combined, split.IsActive ? split.Watermark : split.IsIdle ? Watermarks.Idle : Watermarks.End);
            furthest = Math.Max(furthest, split.Watermark);
        }

        return Watermarks.Reached(combined, furthest);
    }
}
