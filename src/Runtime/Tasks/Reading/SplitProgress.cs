using Penstock.Connectors;
using Penstock.Sources;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>The progress of reading one split.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SplitProgress<T>(SourceSplit split)
{
    public SourceSplit Split { get; } = split;

    public ISplitReader<T>? Reader { get; set; }

    /// <summary>The position that the reader saved when it was last closed or checkpointed; empty at the start.</summary>
    public byte[] Position { get; set; } = [];

    /// <summary>Indicates whether the restored checkpoint of a job lacks the split, so that it is read from its first row.</summary>
    public bool IsNew { get; init; }

    public bool HasBegun { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>The time at which the reader was first found at its current end, or 0 if it is not at its end.</summary>
    public long CaughtUpSince { get; set; }

    public bool IsIdle { get; set; }

    /// <summary>Indicates whether the watermark is held although event times advance.</summary>
    public bool HoldsWatermark { get; private set; }

    /// <summary>Indicates whether the watermark was held and has not caught up since.</summary>
    public bool HasHeldWatermark { get; set; }

    /// <summary>Indicates whether a row out of order has been logged.</summary>
    public bool HasLoggedDisorder { get; set; }

    /// <summary>The largest event time read so far; if rows decide the watermarks, the largest of those.</summary>
    public long MaxTime { get; set; } = Watermarks.None;

    /// <summary>The watermark as reported to operators; it advances only to event times that one of them can notice.</summary>
    public long Watermark { get; set; } = Watermarks.None;

    /// <summary>The watermark that is reported to operators next.</summary>
    public long NextStep { get; set; } = Watermarks.None;

    /// <summary>Reads from the reader whether the watermark is held for the next rows.</summary>
    public void UpdateHeldWatermark()
    {
        HoldsWatermark = Reader is IWatermarkHolder { HoldsWatermark: true };
        HasHeldWatermark |= HoldsWatermark;
    }

    /// <summary>The contribution of the split to the watermark of its subtask.</summary>
    public long Contribution => HasEnded ? Watermarks.End : IsIdle ? Watermarks.Idle : Watermark;
}
