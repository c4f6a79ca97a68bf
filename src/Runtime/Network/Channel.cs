namespace Penstock.Network;

/// <summary>
/// The connection between two subtasks of different execution groups, with its own credits: a sender that has used them up waits until the
/// receiver has processed several batches. Credits are per channel instead of one limit for the whole mailbox, because during alignment a
/// channel that is past its barrier must be able to fill up without blocking the others.
/// </summary>
/// <remarks>A barrier needs no credit: it follows the batches that were sent before it, and there is only one at a time.</remarks>
/// <param name="sender">The mailbox to notify when there are credits again.</param>
/// <param name="credits">The maximum number of batches in transit.</param>
/// <param name="enough">
/// The number of credits at which a waiting sender is notified, so that it wakes for several batches at a time.
/// </param>
internal abstract class Channel(Mailbox sender, int credits, int enough) : ICreditReturn
{
    private int _credits = credits;
    private int _senderWaits;

    /// <summary>The messages that wait for credits, in order. Used only by the sender.</summary>
    public Queue<Message> Unsent { get; } = new();

    /// <summary>
    /// Sends a message whose credit, if it needs one, was taken. The receiver may be notified later by <see cref="WakeReceiver"/>. Called
    /// only by the sender.
    /// </summary>
    public abstract void Post(in Message message);

    /// <summary>Wakes the receiver if it has not been notified of a message yet. Called only by the sender.</summary>
    public abstract void WakeReceiver();

    /// <summary>Takes the credit that a message needs, or arranges that the sender is notified when there is one.</summary>
    public bool TryTakeCreditFor(in Message message) => message.Kind == MessageKind.Barrier || TryTakeCreditOrWait();

    /// <inheritdoc/>
    public void ReturnCredit() => ReturnCredits(1);

    /// <summary>Returns the credits of batches that have been taken.</summary>
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
        // Only the sender takes credits, so a positive count cannot decrease between the two lines.
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

        // A credit was returned between the check and the announcement; an additional resume does no harm.
        Interlocked.Exchange(ref _senderWaits, 0);
        return true;
    }
}
