namespace Penstock.Sources;

/// <summary>
/// A reader of a split that consists of pieces, some of which were found together. The watermark is held while these are read, so that none
/// makes the others late.
/// </summary>
internal interface IWatermarkHolder
{
    /// <summary>Indicates whether the watermark of the split is held while the next rows are read.</summary>
    bool HoldsWatermark { get; }
}
