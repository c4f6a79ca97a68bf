using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>What a subtask knows of one of its inputs.</summary>
internal sealed class InputChannel
{
    /// <summary>Where credits go back to; null where the sender calls directly.</summary>
    public Channel? Channel { get; init; }

    /// <summary>The watermark of the split whose rows come next.</summary>
    public long Split { get; set; } = Watermarks.None;

    /// <summary>The watermark of the sender over all of its splits.</summary>
    public long Overall
    {
        get;
        set
        {
            field = value;
            Furthest = Watermarks.IsInstant(value) ? Math.Max(Furthest, value) : Furthest;
        }
    } = Watermarks.None;

    /// <summary>The furthest instant that <see cref="Overall"/> has had.</summary>
    public long Furthest { get; private set; } = Watermarks.None;

    /// <summary>What came behind the barrier of a checkpoint that other inputs have yet to reach; null when the channel is open.</summary>
    public Queue<Message>? Parked { get; private set; }

    /// <summary>The barrier has come: what follows is parked.</summary>
    public void BeginToPark() => Parked = new Queue<Message>();

    /// <summary>
    /// Parks a message. When it says that the sender is no longer idle, it holds time back at once: else the rows of the other inputs, which are before their
    /// barriers, would move time past the rows that are parked.
    /// </summary>
    public void Park(in Message message)
    {
        Parked!.Enqueue(message);
        if (Overall == Watermarks.Idle && message.Batch is { } batch)
        {
            foreach (ref readonly var step in batch.Steps)
            {
                if (step.Overall < Watermarks.Idle)
                {
                    Overall = step.Overall;
                    return;
                }
            }
        }
    }

    /// <summary>Opens the channel again.</summary>
    /// <returns>What was parked.</returns>
    public Queue<Message> Unpark()
    {
        var parked = Parked!;
        Parked = null;
        return parked;
    }
}
