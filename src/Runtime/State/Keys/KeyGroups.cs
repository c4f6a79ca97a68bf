using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// Maps keys to a fixed number of key groups, and key groups to subtasks. A subtask owns a range of groups. When the parallelism changes,
/// state moves in whole groups.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class KeyGroups
{
    /// <summary>The maximum number of key groups.</summary>
    public const int Max = 32768;

    /// <summary>Returns the group of a key: the high bits of its hash, scaled to the number of groups.</summary>
    /// <param name="hash">The <see cref="StableHash"/> of the key.</param>
    /// <param name="groups">The number of key groups, 1 to <see cref="Max"/>.</param>
    /// <returns>0 to <paramref name="groups"/> - 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ulong hash, int groups) => (int)(((hash >> 32) * (uint)groups) >> 32);

    /// <summary>Returns the subtask that owns a group. The sizes of ranges differ by at most one group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="groups">The number of key groups.</param>
    /// <param name="parallelism">The number of subtasks, 1 to <paramref name="groups"/>.</param>
    /// <returns>0 to <paramref name="parallelism"/> - 1.</returns>
    public static int OwnerOf(int group, int groups, int parallelism) => (int)((long)group * parallelism / groups);
}
