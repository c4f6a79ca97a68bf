using Penstock.Connectors;
using Penstock.Sources;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>How far the reading of one split has come.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SplitProgress<T>(SourceSplit split)
{
    public SourceSplit Split { get; } = split;

    public ISplitReader<T>? Reader { get; set; }

    /// <summary>What the reader saved when it was last closed or checkpointed; empty at the start.</summary>
    public byte[] Position { get; set; } = [];

    /// <summary>Whether the job was running before the split came into being: it is read from its first row.</summary>
    public bool IsNew { get; init; }

    public bool HasBegun { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>When the reader was first found at its end for now; 0 when it is not.</summary>
    public long CaughtUpSince { get; set; }

    public bool IsIdle { get; set; }

    /// <summary>Whether the watermark stays where it is, although event times move on.</summary>
    public bool HoldsTime { get; private set; }

    /// <summary>Whether the watermark has stayed where it was, and has not caught up since.</summary>
    public bool HasHeldTime { get; set; }

    /// <summary>The largest event time read so far.</summary>
    public long MaxTime { get; set; } = Watermarks.None;

    /// <summary>The watermark as operators have been told it: moved only at instants that one of them can notice.</summary>
    public long Watermark { get; set; } = Watermarks.None;

    /// <summary>The watermark at which operators are told next.</summary>
    public long NextTrigger { get; set; } = Watermarks.None;

    /// <summary>Asks the reader whether the watermark stays where it is for the rows that are read next.</summary>
    public void NoteHold()
    {
        HoldsTime = Reader is ITimeHolder { HoldsTime: true };
        HasHeldTime |= HoldsTime;
    }

    /// <summary>What the split contributes to the watermark of its subtask.</summary>
    public long Contribution => HasEnded ? Watermarks.End : IsIdle ? Watermarks.Idle : Watermark;
}
