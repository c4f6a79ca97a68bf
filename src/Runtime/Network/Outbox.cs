namespace Penstock.Network;

/// <summary>
/// What an execution group has to send. What a channel has no credit for stays in the queue of that channel, so that a full channel keeps
/// nothing back that goes another way.
/// </summary>
internal sealed class Outbox
{
    private readonly List<Channel> _channels = [];
    private readonly List<Channel> _blocked = [];

    /// <summary>
    /// Whether a channel waits for credits: then the group takes no further input, and what is in the middle of sending much stops.
    /// </summary>
    public bool IsBlocked { get; private set; }

    /// <summary>How many messages wait for credits.</summary>
    public int Count => _blocked.Sum(static channel => channel.Unsent.Count);

    /// <summary>Adds channels over which it sends.</summary>
    public void Add(params ReadOnlySpan<Channel> channels) => _channels.AddRange(channels);

    /// <summary>Wakes the receivers that have yet to learn of something that was sent.</summary>
    public void WakeReceivers()
    {
        foreach (var channel in _channels)
        {
            channel.WakeReceiver();
        }
    }

    /// <summary>Sends a message, or keeps it until its channel has credits again.</summary>
    /// <returns>Whether the channel has begun to wait for credits.</returns>
    public bool Send(Channel channel, in Message message)
    {
        var waits = channel.Unsent.Count > 0;
        if (!waits && channel.TryTakeCreditFor(in message))
        {
            channel.Post(in message);
            return false;
        }

        channel.Unsent.Enqueue(message);
        if (!waits)
        {
            _blocked.Add(channel);
            IsBlocked = true;
        }

        return !waits;
    }

    /// <summary>Sends what there are credits for.</summary>
    public void Resume()
    {
        for (var index = _blocked.Count - 1; index >= 0; index--)
        {
            var channel = _blocked[index];
            while (channel.Unsent.TryPeek(out var message) && channel.TryTakeCreditFor(in message))
            {
                channel.Unsent.Dequeue();
                channel.Post(in message);
            }

            if (channel.Unsent.Count == 0)
            {
                _blocked.RemoveAt(index);
            }
        }

        IsBlocked = _blocked.Count > 0;
    }
}
