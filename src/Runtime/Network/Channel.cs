namespace Penstock.Network;

/// <summary>
/// The connection between two subtasks of different execution groups, with credits of its own: a sender that has used them up waits until the receiver
/// has handled a batch. Credits are per channel, and not one bound for the whole mailbox, because at alignment the channel that is
/// already past its barrier must be able to fill up without keeping the others out.
/// </summary>
/// <param name="sender">The mailbox that is told when there are credits again.</param>
/// <param name="receiver">The mailbox of the receiver.</param>
/// <param name="input">Where the receiver takes what comes.</param>
/// <param name="credits">How many messages may be under way.</param>
internal sealed class Channel(Mailbox sender, Mailbox receiver, InputChannel input, int credits)
{
    private int _credits = credits;
    private int _senderWaits;

    /// <summary>The sender's messages for which there are no credits, in their order. Only the sender touches it.</summary>
    public Queue<Message> Unsent { get; } = new();

    public bool TryTakeCredit()
    {
        // Only the sender takes credits, so a positive count cannot vanish between the two lines.
        if (Volatile.Read(ref _credits) <= 0)
        {
            return false;
        }

        Interlocked.Decrement(ref _credits);
        return true;
    }

    /// <summary>Takes a credit, or arranges that the sender is told to resume when there is one.</summary>
    public bool TryTakeCreditOrWait()
    {
        if (TryTakeCredit())
        {
            return true;
        }

        Interlocked.Exchange(ref _senderWaits, 1);
        if (!TryTakeCredit())
        {
            return false;
        }

        // A credit came between the look and the announcement; a resume that is already on its way does no harm.
        Interlocked.Exchange(ref _senderWaits, 0);
        return true;
    }

    public void ReturnCredit()
    {
        Interlocked.Increment(ref _credits);
        if (Volatile.Read(ref _senderWaits) != 0 && Interlocked.Exchange(ref _senderWaits, 0) == 1)
        {
            sender.Post(new Message(MessageKind.Resume));
        }
    }

    public void Post(in Message message) => receiver.Post(message with { To = input });
}
