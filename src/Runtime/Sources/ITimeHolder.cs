namespace Penstock.Sources;

/// <summary>
/// A reader of a split that is made of pieces, some of which were found together: time stands still while these are read, so that none
/// makes the others late.
/// </summary>
internal interface ITimeHolder
{
    /// <summary>Whether the watermark of the split stays where it is, for the rows that are read next.</summary>
    bool HoldsTime { get; }
}
