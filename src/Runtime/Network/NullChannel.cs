namespace Penstock.Network;

/// <summary>The channel of a subtask that does no work, which cannot send.</summary>
/// <param name="sender">The mailbox of the subtask.</param>
internal sealed class NullChannel(Mailbox sender) : Channel(sender, 0, 1)
{
    /// <inheritdoc/>
    public override void Post(in Message message) => throw new InvalidOperationException("A subtask that does no work has sent something.");

    /// <inheritdoc/>
    public override void WakeReceiver()
    {
    }
}
