namespace Penstock.Tasks;

/// <summary>What a subtask has to send. What there is no credit for stays here, in order, until its channel has some again.</summary>
internal sealed class Outbox
{
    private readonly Queue<(Channel Channel, Message Message)> _unsent = new();

    /// <summary>Whether something waits for credits: then the subtask takes no further input.</summary>
    public bool IsBlocked => _unsent.Count > 0;

    /// <summary>How often something had to wait.</summary>
    public long Waits { get; private set; }

    public void Send(Channel channel, in Message message)
    {
        if (!IsBlocked && channel.TryTakeCreditOrWait())
        {
            channel.Post(in message);
            return;
        }

        Waits += IsBlocked ? 0 : 1;
        _unsent.Enqueue((channel, message));
    }

    /// <summary>Sends what there are credits for, from the head on.</summary>
    public void Resume()
    {
        while (_unsent.TryPeek(out var head) && head.Channel.TryTakeCreditOrWait())
        {
            _unsent.Dequeue();
            head.Channel.Post(head.Message);
        }
    }
}
