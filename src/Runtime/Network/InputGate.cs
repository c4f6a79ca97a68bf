namespace Penstock.Network;

/// <summary>
/// Determines the channel of the next message: preferred channels first, otherwise in the order of arrival, and never a held channel.
/// </summary>
internal sealed class InputGate
{
    private Turns _preferred = new();
    private Turns _others = new();

    /// <summary>Adds a message for one of the channels.</summary>
    public void Add(in Message message)
    {
        var channel = message.To!;
        channel.Add(in message);
        if (!channel.IsBlocked)
        {
            (channel.IsPreferred ? _preferred : _others).Enqueue(channel);
        }
    }

    /// <summary>Returns the next message without taking it.</summary>
    /// <returns><c>false</c> if there is none, or only from held channels.</returns>
    public bool TryPeek(out Message message) => _preferred.TryPeek(out message) || _others.TryPeek(out message);

    /// <summary>Takes the next message.</summary>
    /// <returns><c>false</c> if there is none, or only from held channels.</returns>
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
    /// Resumes taking from all channels. Messages that waited in held channels come before messages that arrived in the meantime, because
    /// they are older.
    /// </summary>
    public void Release(InputChannel[] channels)
    {
        _preferred = _preferred.With(channels.Where(static channel => channel is { IsBlocked: true, IsPreferred: true }));
        _others = _others.With(channels.Where(static channel => channel is { IsBlocked: true, IsPreferred: false }));
        foreach (var channel in channels)
        {
            channel.Unblock();
        }
    }

    // One turn per message of a channel that is not held. A turn of a channel that has been held since then is ignored.
    private sealed class Turns : Queue<InputChannel>
    {
        public bool TryPeek(out Message message)
        {
            while (TryPeek(out InputChannel? channel))
            {
                if (!channel.IsBlocked)
                {
                    message = channel.Peek();
                    return true;
                }

                Dequeue();
            }

            message = default;
            return false;
        }

        // Returns the turns with those of released channels first.
        public Turns With(IEnumerable<InputChannel> released)
        {
            var turns = new Turns();
            foreach (var channel in released
                .SelectMany(static channel => Enumerable.Repeat(channel, channel.Count))
                .Concat(this.Where(static channel => !channel.IsBlocked)))
            {
                turns.Enqueue(channel);
            }

            return turns;
        }
    }
}
