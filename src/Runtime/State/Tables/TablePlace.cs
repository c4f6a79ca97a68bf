namespace Penstock.State;

/// <summary>A place in a table, between two entries.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Slot">The slot in the segment before the place.</param>
internal readonly record struct TablePlace(int Segment, int Slot)
{
    /// <summary>The place before the first entry.</summary>
    public static TablePlace Start => new(0, -1);
}
