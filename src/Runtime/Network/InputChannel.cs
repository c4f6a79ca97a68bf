using Penstock.Time;

namespace Penstock.Network;

/// <summary>
/// A sender on one of a subtask's inputs, as seen by the subtask: its watermarks, and its messages that were not taken yet.
/// </summary>
/// <param name="input">The index of the subtask's input.</param>
/// <param name="index">The index among the channels of the subtask.</param>
internal sealed class InputChannel(int input, int index)
{
    private readonly Queue<Message> _messages = new();

    public int Input { get; } = input;

    public int Index { get; } = index;

    /// <summary>
    /// Indicates whether all senders on this input have the same inputs, as after a keyed exchange. They become idle and active together,
    /// but report it at different moments. Until a slower one has reported it, it may send results of a time that the others have passed.
    /// </summary>
    public bool SharesIdleness { get; init; }

    /// <summary>Indicates whether its messages are taken before those of others.</summary>
    public bool IsPreferred { get; init; }

    /// <summary>The sender to which credits are returned, or null if it calls directly.</summary>
    public ICreditReturn? Sender { get; set; }

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
            if (IsBlocked && value == Watermarks.Idle)
            {
                // A subtask with rows in flight learns this late: after it has passed the barrier of the channel.
                ApplyActivations();
            }
        }
    } = Watermarks.None;

    /// <summary>The furthest event time that <see cref="CombinedWatermark"/> has reached.</summary>
    public long Furthest { get; private set; } = Watermarks.None;

    /// <summary>
    /// Indicates whether nothing is taken from the channel for now, because it is past the barrier of a checkpoint that other channels have
    /// not reached.
    /// </summary>
    public bool IsBlocked { get; private set; }

    /// <summary>The number of messages that were not taken yet.</summary>
    public int Count => _messages.Count;

    /// <summary>Adds a received message.</summary>
    public void Add(in Message message)
    {
        _messages.Enqueue(message);
        if (IsBlocked)
        {
            ApplyActivation(in message);
        }
    }

    /// <summary>Returns the oldest message.</summary>
    public Message Peek() => _messages.Peek();

    /// <summary>Takes the oldest message.</summary>
    public Message Take() => _messages.Dequeue();

    /// <summary>Stops taking messages from the channel until it is released.</summary>
    public void Block()
    {
        IsBlocked = true;
        ApplyActivations();
    }

    public void Unblock() => IsBlocked = false;

    private void ApplyActivations()
    {
        foreach (var message in _messages)
        {
            ApplyActivation(in message);
        }
    }

    // A sender that becomes active after its barrier holds the watermark back immediately. Otherwise the rows of the other channels, which
    // are before their barriers, would advance the watermark past the rows that wait here.
    private void ApplyActivation(in Message message)
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
