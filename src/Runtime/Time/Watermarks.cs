using System.ComponentModel;

namespace Penstock.Time;

/// <summary>
/// The special values of a watermark. They are ordered so that the watermark of several inputs is always their minimum:
/// an idle input holds nothing back, and an ended one even less.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Watermarks
{
    /// <summary>Nothing is known yet.</summary>
    public const long None = long.MinValue;

    /// <summary>The input is idle: it has said that it holds nothing back until it speaks again.</summary>
    public const long Idle = long.MaxValue - 1;

    /// <summary>The end of input: no row will follow.</summary>
    public const long End = long.MaxValue;

    /// <summary>
    /// How far time has come by the inputs together. When all are idle, it is the furthest of them: else it would depend on which became
    /// idle first.
    /// </summary>
    /// <param name="overall">The minimum of their watermarks.</param>
    /// <param name="furthest">The furthest instant that one of them has reached.</param>
    /// <returns>The watermark.</returns>
    internal static long Reached(long overall, long furthest) => overall == Idle ? furthest : overall;

    /// <summary>Whether a watermark is an instant rather than one of the special values.</summary>
    /// <param name="watermark">The watermark.</param>
    /// <returns>True for an instant.</returns>
    public static bool IsInstant(long watermark) => watermark is not (None or Idle or End);
}
