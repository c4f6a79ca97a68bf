namespace Penstock.Network;

/// <summary>
/// Decides from which channel the next message is taken: from preferred ones first, else as they came in; from those that are held none.
/// </summary>
internal sealed class InputGate
{
    private Turns _preferred = new();
    private Turns _others = new();

    /// <summary>Notes a message for one of the channels.</summary>
    public void Add(in Message message)
    {
        var channel = message.To!;
        channel.Add(in message);
        if (!channel.IsHeld)
        {
            (channel.IsPreferred ? _preferred : _others).Enqueue(channel);
        }
    }

    /// <summary>Looks at the next message, and leaves it where it is.</summary>
    /// <returns>False when there is none, or only of channels that are held.</returns>
    public bool TryPeek(out Message message) => _preferred.TryPeek(out message) || _others.TryPeek(out message);

    /// <summary>Takes the next message.</summary>
    /// <returns>False when there is none, or only of channels that are held.</returns>
    public bool TryTake(out Message message)
    {
        var turns = _preferred.TryPeek(out message) ? _preferred : _others;
        if (!turns.TryPeek(out message))
        {
            return false;
        }

        turns.Dequeue().Take();
        return true;
    }

    /// <summary>
    /// Takes from all channels again. What waited in those that were held comes before what came in meanwhile: it is older.
    /// </summary>
    public void Release(InputChannel[] channels)
    {
        _preferred = _preferred.With(channels.Where(static channel => channel is { IsHeld: true, IsPreferred: true }));
        _others = _others.With(channels.Where(static channel => channel is { IsHeld: true, IsPreferred: false }));
        foreach (var channel in channels)
        {
            channel.Release();
        }
    }

    // A turn per message of a channel that is not held. One of a channel that is held by now counts for nothing.
    private sealed class Turns : Queue<InputChannel>
    {
        public bool TryPeek(out Message message)
        {
            while (TryPeek(out InputChannel? channel))
            {
                if (!channel.IsHeld)
                {
                    message = channel.Peek();
                    return true;
                }

                Dequeue();
            }

            message = default;
            return false;
        }

        // Before the others the messages of channels that were held.
        public Turns With(IEnumerable<InputChannel> released)
        {
            var turns = new Turns();
            foreach (var channel in released
                .SelectMany(static channel => Enumerable.Repeat(channel, channel.Count))
                .Concat(this.Where(static channel => !channel.IsHeld)))
            {
                turns.Enqueue(channel);
            }

            return turns;
        }
    }
}
