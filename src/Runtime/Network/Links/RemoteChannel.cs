using System.Buffers.Binary;
using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>The sender's end of a channel to a subtask of another node.</summary>
/// <param name="sender">The mailbox that is told when there are credits again.</param>
/// <param name="peer">The other node.</param>
/// <param name="address">The channel.</param>
/// <param name="codec">Writes its batches.</param>
/// <param name="credits">How many batches may be under way.</param>
internal sealed class RemoteChannel(Mailbox sender, Peer peer, ChannelAddress address, BatchCodec codec, int credits)
    : Channel(sender, credits, 1)
{
    /// <summary>
    /// How many times as many credits it has as a channel within a process: the way over a link takes longer, and the link is to have
    /// something to carry meanwhile.
    /// </summary>
    public const int TimesLocalCredits = 4;

    private readonly int _most = credits;

    // Only the sender touches it.
    private readonly ByteBuffer _frame = new();
    private bool _hasLeft;

    public ChannelAddress Address => address;

    /// <summary>Takes credits from the link.</summary>
    public void ReceiveCredits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes) is not (> 0 and var count) || count > _most)
        {
            throw new InvalidDataException($"credits for {address} cannot be read: {Convert.ToHexString(bytes)}");
        }

        ReturnCredits(count);
    }

    /// <inheritdoc/>
    public override void WakeReceiver()
    {
        if (_hasLeft)
        {
            _hasLeft = false;
            peer.Flush();
        }
    }

    /// <inheritdoc/>
    public override void Post(in Message message)
    {
        _frame.Clear();
        _frame.Skip(FrameHeader.Size);
        switch (message.Kind)
        {
            case MessageKind.Batch:
                codec.Write(message.Batch!, _frame);
                message.Batch!.Release();
                peer.Send(FrameKind.Batch, in address, _frame.Written);
                _hasLeft = true;
                break;
            case MessageKind.Barrier:
                BarrierFormat.Write(message.Barrier, _frame);
                peer.Send(FrameKind.Barrier, in address, _frame.Written);
                break;
            default:
                throw new InvalidOperationException($"A channel does not carry such a message: {message.Kind}.");
        }
    }
}
