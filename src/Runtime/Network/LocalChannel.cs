namespace Penstock.Network;

/// <summary>A channel between two subtasks of one node.</summary>
/// <param name="sender">The mailbox to notify when there are credits again.</param>
/// <param name="receiver">The mailbox of the receiver.</param>
/// <param name="input">The input channel of the receiver.</param>
/// <param name="credits">The maximum number of batches in transit.</param>
internal sealed class LocalChannel(Mailbox sender, Mailbox receiver, InputChannel input, int credits)
    : Channel(sender, credits, HalfOf(credits))
{
    private readonly int _half = HalfOf(credits);

    // The number of messages of which the receiver has not been notified. Used only by the sender.
    private int _left;

    /// <inheritdoc/>
    public override void Post(in Message message)
    {
        receiver.Enqueue(message with { To = input });
        _left++;
        if (_left >= _half || message.Kind == MessageKind.Barrier)
        {
            WakeReceiver();
        }
    }

    /// <inheritdoc/>
    public override void WakeReceiver()
    {
        if (_left > 0)
        {
            _left = 0;
            receiver.Wake();
        }
    }

    // The sender fills the other half while the receiver processes this one.
    private static int HalfOf(int credits) => (credits + 1) / 2;
}
