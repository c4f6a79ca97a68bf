using Penstock.Time;

namespace Penstock.Network;

/// <summary>What a subtask knows of one sender on one of its inputs, and what has come from it and was not taken yet.</summary>
/// <param name="input">The input of the subtask that the rows are for.</param>
/// <param name="index">Its place among the channels of the subtask.</param>
internal sealed class InputChannel(int input, int index)
{
    private readonly Queue<Message> _messages = new();

    public int Input { get; } = input;

    public int Index { get; } = index;

    /// <summary>
    /// Whether the senders on this input have all the same inputs, as those behind an exchange by key: then they are idle together and wake
    /// together, one a bit later than the other. Until it has noticed, the slower one may send results of a time that the others have
    /// passed.
    /// </summary>
    public bool WakesWithOthers { get; init; }

    /// <summary>Whether its messages are taken before those of others.</summary>
    public bool IsPreferred { get; init; }

    /// <summary>Where credits go back to; null where the sender calls directly.</summary>
    public ISender? Sender { get; set; }

    /// <summary>The watermark of the split whose rows come next.</summary>
    public long SplitWatermark { get; set; } = Watermarks.None;

    /// <summary>The watermark of the sender over all of its splits.</summary>
    public long CombinedWatermark
    {
        get;
        set
        {
            field = value;
            Furthest = Watermarks.IsInstant(value) ? Math.Max(Furthest, value) : Furthest;
        }
    } = Watermarks.None;

    /// <summary>The furthest instant that <see cref="CombinedWatermark"/> has had.</summary>
    public long Furthest { get; private set; } = Watermarks.None;

    /// <summary>
    /// Whether nothing is taken from the channel for now: it is past the barrier of a checkpoint that other channels have yet to reach.
    /// </summary>
    public bool IsHeld { get; private set; }

    /// <summary>How many messages were not taken yet.</summary>
    public int Count => _messages.Count;

    /// <summary>Notes a message that has come.</summary>
    public void Add(in Message message)
    {
        _messages.Enqueue(message);
        if (IsHeld)
        {
            NoteWaking(in message);
        }
    }

    /// <summary>The message that came first.</summary>
    public Message Peek() => _messages.Peek();

    /// <summary>Takes the message that came first.</summary>
    public Message Take() => _messages.Dequeue();

    /// <summary>Takes nothing more from the channel until it is released.</summary>
    public void Hold()
    {
        IsHeld = true;
        foreach (var message in _messages)
        {
            NoteWaking(in message);
        }
    }

    public void Release() => IsHeld = false;

    // A sender that says behind its barrier that it is no longer idle holds time back at once: else the rows of the other channels, which
    // are before their barriers, would move time past the rows that wait here.
    private void NoteWaking(in Message message)
    {
        if (CombinedWatermark != Watermarks.Idle || message.Batch is not { } batch)
        {
            return;
        }

        foreach (ref readonly var step in batch.WatermarkUpdates)
        {
            if (step.CombinedWatermark < Watermarks.Idle)
            {
                CombinedWatermark = step.CombinedWatermark;
                return;
            }
        }
    }
}
