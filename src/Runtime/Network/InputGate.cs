namespace Penstock.Network;

/// <summary>Decides from which channel the next message is taken: as they came in, but for channels that are held.</summary>
internal sealed class InputGate
{
    // A turn per message of a channel that is not held. One of a channel that is held by now counts for nothing.
    private Queue<InputChannel> _turns = new();

    /// <summary>Notes a message for one of the channels.</summary>
    public void Add(in Message message)
    {
        var channel = message.To!;
        channel.Add(in message);
        if (!channel.IsHeld)
        {
            _turns.Enqueue(channel);
        }
    }

    /// <summary>Looks at the next message, and leaves it where it is.</summary>
    /// <returns>False when there is none, or only of channels that are held.</returns>
    public bool TryPeek(out Message message)
    {
        while (_turns.TryPeek(out var channel))
        {
            if (!channel.IsHeld)
            {
                message = channel.Peek();
                return true;
            }

            _turns.Dequeue();
        }

        message = default;
        return false;
    }

    /// <summary>Takes the next message.</summary>
    /// <returns>False when there is none, or only of channels that are held.</returns>
    public bool TryTake(out Message message)
    {
        if (!TryPeek(out message))
        {
            return false;
        }

        _turns.Dequeue().Take();
        return true;
    }

    /// <summary>Takes from all channels again. What waited in those that were held comes first: it is older.</summary>
    public void Release(InputChannel[] channels)
    {
        var turns = new Queue<InputChannel>();
        foreach (var channel in channels.Where(static channel => channel.IsHeld))
        {
            for (var message = 0; message < channel.Count; message++)
            {
                turns.Enqueue(channel);
            }
        }

        foreach (var channel in _turns.Where(static channel => !channel.IsHeld))
        {
            turns.Enqueue(channel);
        }

        _turns = turns;
        foreach (var channel in channels)
        {
            channel.Release();
        }
    }
}
