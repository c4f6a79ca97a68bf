namespace Penstock.Network;

/// <summary>
/// The output of an execution group. Messages without credits wait in the queue of their channel, so that a full channel does not block
/// others.
/// </summary>
internal sealed class Outbox
{
    private readonly List<Channel> _channels = [];
    private readonly List<Channel> _blocked = [];

    /// <summary>
    /// Indicates whether a channel waits for credits. The group then accepts no input, and operations with much output are suspended.
    /// </summary>
    public bool IsBlocked { get; private set; }

    /// <summary>The number of messages that wait for credits.</summary>
    public int Count => _blocked.Sum(static channel => channel.Unsent.Count);

    /// <summary>Adds channels to send over.</summary>
    public void Add(params ReadOnlySpan<Channel> channels) => _channels.AddRange(channels);

    /// <summary>Wakes the receivers that have not been notified of sent messages.</summary>
    public void WakeReceivers()
    {
        foreach (var channel in _channels)
        {
            channel.WakeReceiver();
        }
    }

    /// <summary>Sends a message, or queues it until its channel has credits again.</summary>
    /// <returns><c>true</c> if the channel has started to wait for credits.</returns>
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

    /// <summary>Sends the messages for which there are credits.</summary>
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
