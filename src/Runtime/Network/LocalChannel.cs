namespace Penstock.Network;

/// <summary>A channel between two subtasks of one node.</summary>
/// <param name="sender">The mailbox that is told when there are credits again.</param>
/// <param name="receiver">The mailbox of the receiver.</param>
/// <param name="input">Where the receiver takes what comes.</param>
/// <param name="credits">How many batches may be under way.</param>
internal sealed class LocalChannel(Mailbox sender, Mailbox receiver, InputChannel input, int credits)
    : Channel(sender, credits, HalfOf(credits))
{
    private readonly int _half = HalfOf(credits);

    // Messages of which the receiver has yet to learn. Only the sender touches it.
    private int _left;

    /// <inheritdoc/>
    public override void Post(in Message message)
    {
        receiver.Leave(message with { To = input });
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

    // The sender fills the other half while the receiver takes this one.
    private static int HalfOf(int credits) => (credits + 1) / 2;
}
