namespace Penstock.Network;

/// <summary>
/// The connection between two subtasks of different execution groups, with credits of its own: a sender that has used them up waits until
/// the receiver has handled several batches. Credits are per channel, and not one bound for the whole mailbox, because at alignment the
/// channel that is already past its barrier must be able to fill up without keeping the others out.
/// </summary>
/// <remarks>A barrier needs no credit: it comes behind the batches that were sent before it, and there is one of them at a time.</remarks>
/// <param name="sender">The mailbox that is told when there are credits again.</param>
/// <param name="credits">How many batches may be under way.</param>
/// <param name="enough">How many credits a sender that waits is told of: it wakes for several batches at once.</param>
internal abstract class Channel(Mailbox sender, int credits, int enough) : ISender
{
    private int _credits = credits;
    private int _senderWaits;

    /// <summary>The sender's messages for which there are no credits, in their order. Only the sender touches it.</summary>
    public Queue<Message> Unsent { get; } = new();

    /// <summary>
    /// Sends a message for which the credit was taken, if it needs one. The receiver may learn of it later, in <see cref="WakeReceiver"/>.
    /// Called by the sender alone.
    /// </summary>
    public abstract void Post(in Message message);

    /// <summary>Wakes the receiver, if it has yet to learn of a message. Called by the sender alone.</summary>
    public abstract void WakeReceiver();

    /// <summary>Takes the credit that a message needs, or arranges that the sender is told to resume when there is one.</summary>
    public bool TryTakeCreditFor(in Message message) => message.Kind == MessageKind.Barrier || TryTakeCreditOrWait();

    /// <inheritdoc/>
    public void ReturnCredit() => ReturnCredits(1);

    /// <summary>Gives back the credits of batches that have been taken.</summary>
    protected void ReturnCredits(int count)
    {
        if (Interlocked.Add(ref _credits, count) >= enough
            && Volatile.Read(ref _senderWaits) != 0
            && Interlocked.Exchange(ref _senderWaits, 0) == 1)
        {
            sender.Post(new Message(MessageKind.Resume));
        }
    }

    private bool TryTakeCredit()
    {
        // Only the sender takes credits, so a positive count cannot vanish between the two lines.
        if (Volatile.Read(ref _credits) <= 0)
        {
            return false;
        }

        Interlocked.Decrement(ref _credits);
        return true;
    }

    private bool TryTakeCreditOrWait()
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
}
