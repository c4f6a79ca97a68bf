using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>How far event time has come in a split, for people.</summary>
/// <param name="Id">The split.</param>
/// <param name="Watermark">Its largest event time less the maximum delay; <see cref="Watermarks.None"/> before its first row.</param>
/// <param name="IsIdle">Whether it has been at its end for so long that it holds nothing back.</param>
/// <param name="HasEnded">Whether it has no more rows.</param>
/// <param name="IsAtEnd">Whether it has no rows for the moment.</param>
internal readonly record struct SplitTime(string Id, long Watermark, bool IsIdle, bool HasEnded, bool IsAtEnd)
{
    public bool IsActive => !IsIdle && !HasEnded;

    /// <summary>The watermark of several splits: the lowest of those that are active; when none is, the furthest of all.</summary>
    /// <param name="splits">The splits.</param>
    /// <returns>The watermark; <see cref="Watermarks.End"/> when all have ended.</returns>
    public static long Overall(IReadOnlyCollection<SplitTime> splits)
    {
        var overall = Watermarks.End;
        var furthest = Watermarks.None;
        foreach (var split in splits)
        {
            overall = Math.Min(overall, split.IsActive ? split.Watermark : split.IsIdle ? Watermarks.Idle : Watermarks.End);
            furthest = Math.Max(furthest, split.Watermark);
        }

        return Watermarks.Reached(overall, furthest);
    }
}
