using System.ComponentModel;

namespace Penstock.Time;

/// <summary>
/// Special values of a watermark. Their order makes the watermark of several inputs the minimum of theirs: an idle input does not hold the
/// minimum back, and neither does an ended one.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Watermarks
{
    /// <summary>No watermark yet.</summary>
    public const long None = long.MinValue;

    /// <summary>The input is idle and does not hold the watermark back until it has rows again.</summary>
    public const long Idle = long.MaxValue - 1;

    /// <summary>The end of input: no rows follow.</summary>
    public const long End = long.MaxValue;

    /// <summary>
    /// Returns the watermark of several inputs together. If all of them are idle it is the furthest one reached: otherwise it would depend
    /// on the order in which they became idle.
    /// </summary>
    /// <param name="combined">The minimum of their watermarks.</param>
    /// <param name="furthest">The furthest event time that any of them has reached.</param>
    /// <returns>The watermark.</returns>
    internal static long Reached(long combined, long furthest) => combined == Idle ? furthest : combined;

    /// <summary>Determines whether a watermark is an event time rather than a special value.</summary>
    /// <param name="watermark">The watermark.</param>
    /// <returns><c>true</c> if the watermark is an event time.</returns>
    public static bool IsInstant(long watermark) => watermark is not (None or Idle or End);
}
