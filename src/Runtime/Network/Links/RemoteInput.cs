using System.Buffers.Binary;
using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>The receiver's end of a channel from a subtask of another node.</summary>
/// <param name="peer">The other node.</param>
/// <param name="address">The address of the channel.</param>
/// <param name="receiver">The mailbox of the receiver.</param>
/// <param name="input">The input channel of the receiver.</param>
/// <param name="codec">The codec of its batches.</param>
/// <param name="batchSize">The maximum number of rows in a batch.</param>
/// <param name="credits">The maximum number of batches in transit.</param>
internal sealed class RemoteInput(
    Peer peer,
    ChannelAddress address,
    Mailbox receiver,
    InputChannel input,
    BatchCodec codec,
    int batchSize,
    int credits) : ICreditReturn
{
    // The number of batches in transit, plus the one that the receiver is processing.
    private readonly BatchReader _batches = codec.CreateReader(batchSize, credits + 1);
    private readonly byte[] _returned = new byte[FrameHeader.Size + sizeof(int)];

    // The other half is sufficient for the sender to continue meanwhile.
    private readonly int _maxTaken = credits / 2;
    private int _credits = credits;
    private int _taken;

    public ChannelAddress Address => address;

    /// <summary>Receives a batch from the link.</summary>
    public void ReceiveBatch(ReadOnlySpan<byte> bytes)
    {
        if (Interlocked.Decrement(ref _credits) < 0)
        {
            throw new InvalidDataException($"more batches have come for {address} than there were credits");
        }

        receiver.Post(new Message(MessageKind.Batch, input, _batches.Read(bytes)));
    }

    /// <summary>Receives a barrier from the link.</summary>
    public void ReceiveBarrier(ReadOnlySpan<byte> bytes) =>
        receiver.Post(new Message(MessageKind.Barrier, input, Barrier: BarrierFormat.Read(bytes)));

    /// <inheritdoc/>
    public void ReturnCredit()
    {
        if (++_taken < _maxTaken)
        {
            return;
        }

        Interlocked.Add(ref _credits, _taken);
        BinaryPrimitives.WriteInt32LittleEndian(_returned.AsSpan(FrameHeader.Size), _taken);
        _taken = 0;
        peer.Send(FrameKind.Credit, in address, _returned);
    }
}
