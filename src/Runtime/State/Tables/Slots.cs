using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// How the slots of a segment lie in bytes: groups of sixteen tags, each followed by the sixteen stamps of the same slots. A tag is 0 where
/// the slot is free; a stamp is the epoch in which the entry was last touched.
/// </summary>
internal static class Slots
{
    /// <summary>The slots of a group: as many as are compared at once.</summary>
    public const int GroupSize = 16;

    /// <summary>The bytes of a group.</summary>
    public const int GroupBytes = 2 * GroupSize;

    /// <summary>The slots of a segment of full size.</summary>
    public const int SegmentSize = 1024;

    /// <summary>The bytes for a number of slots.</summary>
    public static int BytesOf(int slots) => slots * 2;

    /// <summary>The number of slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountOf(byte[] slots) => slots.Length >> 1;

    /// <summary>Where the tag of a slot is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TagOf(int slot) => slot + (slot & -GroupSize);

    /// <summary>Where the stamp of a slot is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StampOf(int slot) => TagOf(slot) + GroupSize;
}

/// <summary>What is known of a segment.</summary>
internal sealed class SegmentInfo
{
    /// <summary>The number of the newest freeze that has read the segment; written by the thread that reads.</summary>
    public int ReadIn;

    /// <summary>How many slots are not free.</summary>
    public int Count { get; set; }

    /// <summary>How many of them are those of removed entries.</summary>
    public int Removed { get; set; }

    /// <summary>How many bits of the directory tell it apart.</summary>
    public int Depth { get; init; }

    /// <summary>Whether its keys are in leaves, and none in itself.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>The number of the newest freeze when the segment came to be: none up to it has to read it.</summary>
    public int Born { get; init; }
}
