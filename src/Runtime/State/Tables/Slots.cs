using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// The layout of a segment's slots in bytes: groups of sixteen tags, each followed by the sixteen stamps of the same slots. A tag is 0 if
/// the slot is free; a stamp is the epoch in which the entry was last touched.
/// </summary>
internal static class Slots
{
    /// <summary>The number of slots in a group, which are compared at a time.</summary>
    public const int GroupSize = 16;

    /// <summary>The number of bytes in a group.</summary>
    public const int GroupBytes = 2 * GroupSize;

    /// <summary>The number of slots in a segment of full size.</summary>
    public const int SegmentSize = 1024;

    /// <summary>Returns the number of bytes for a number of slots.</summary>
    public static int BytesOf(int slots) => slots * 2;

    /// <summary>Returns the number of slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf(byte[] slots) => slots.Length >> 1;

    /// <summary>Returns the index of the tag of a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TagOf(int slot) => slot + (slot & -GroupSize);

    /// <summary>Returns the index of the stamp of a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StampOf(int slot) => TagOf(slot) + GroupSize;
}

/// <summary>The metadata of a segment.</summary>
internal sealed class SegmentInfo
{
    /// <summary>The number of the newest freeze that has read the segment; written by the reading thread.</summary>
    public int ReadIn;

    /// <summary>The number of slots that are not free.</summary>
    public int Count { get; set; }

    /// <summary>The number of those slots that contain removed entries.</summary>
    public int Removed { get; set; }

    /// <summary>The number of directory bits that distinguish the segment.</summary>
    public int Depth { get; init; }

    /// <summary>Indicates whether the keys of the segment are in leaves, and none in the segment itself.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>The number of the newest freeze when the segment was created. Freezes up to this number need not read it.</summary>
    public int CreatedInFreeze { get; init; }
}
