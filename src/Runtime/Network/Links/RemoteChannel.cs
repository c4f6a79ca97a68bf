using System.Buffers.Binary;
using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>The sender's end of a channel to a subtask of another node.</summary>
/// <param name="sender">The mailbox to notify when there are credits again.</param>
/// <param name="peer">The other node.</param>
/// <param name="address">The address of the channel.</param>
/// <param name="codec">The codec of its batches.</param>
/// <param name="credits">The maximum number of batches in transit.</param>
internal sealed class RemoteChannel(Mailbox sender, Peer peer, ChannelAddress address, BatchCodec codec, int credits)
    : Channel(sender, credits, 1)
{
    /// <summary>
    /// The factor between the credits of this channel and those of a local one: a link has a higher latency and should not run empty.
    /// </summary>
    public const int TimesLocalCredits = 4;

    private readonly int _most = credits;

    // Used only by the sender.
    private readonly ByteBuffer _frame = new();
    private bool _hasLeft;

    public ChannelAddress Address => address;

    /// <summary>Receives credits from the link.</summary>
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
