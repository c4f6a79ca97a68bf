namespace Penstock.Network;

/// <summary>A channel between two subtasks of one node.</summary>
/// <param name="sender">The mailbox that is told when there are credits again.</param>
/// <param name="receiver">The mailbox of the receiver.</param>
/// <param name="input">Where the receiver takes what comes.</param>
/// <param name="credits">How many batches may be under way.</param>
internal sealed class LocalChannel(Mailbox sender, Mailbox receiver, InputChannel input, int credits) : Channel(sender, credits)
{
    /// <inheritdoc/>
    public override void Post(in Message message) => receiver.Post(message with { To = input });
}
