using System.Buffers.Binary;
using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>The receiver's end of a channel from a subtask of another node.</summary>
/// <param name="peer">The other node.</param>
/// <param name="address">The channel.</param>
/// <param name="receiver">The mailbox of the receiver.</param>
/// <param name="input">Where the receiver takes what comes.</param>
/// <param name="codec">Reads its batches.</param>
/// <param name="batchSize">The most rows of a batch.</param>
/// <param name="credits">How many batches may be under way.</param>
internal sealed class RemoteInput(
    Peer peer,
    ChannelAddress address,
    Mailbox receiver,
    InputChannel input,
    BatchCodec codec,
    int batchSize,
    int credits) : ISender
{
    // As many as can be under way, and the one that the receiver is at.
    private readonly BatchReader _batches = codec.CreateReader(batchSize, credits + 1);
    private readonly byte[] _returned = new byte[FrameHeader.Size + sizeof(int)];

    // The other half is enough for the sender to go on meanwhile.
    private readonly int _mostTaken = credits / 2;
    private int _credits = credits;
    private int _taken;

    public ChannelAddress Address => address;

    /// <summary>Takes a batch from the link.</summary>
    public void ReceiveBatch(ReadOnlySpan<byte> bytes)
    {
        if (Interlocked.Decrement(ref _credits) < 0)
        {
            throw new InvalidDataException($"more batches have come for {address} than there were credits");
        }

        receiver.Post(new Message(MessageKind.Batch, input, _batches.Read(bytes)));
    }

    /// <summary>Takes a barrier from the link.</summary>
    public void ReceiveBarrier(ReadOnlySpan<byte> bytes) =>
        receiver.Post(new Message(MessageKind.Barrier, input, Barrier: BarrierFormat.Read(bytes)));

    /// <inheritdoc/>
    public void ReturnCredit()
    {
        if (++_taken < _mostTaken)
        {
            return;
        }

        Interlocked.Add(ref _credits, _taken);
        BinaryPrimitives.WriteInt32LittleEndian(_returned.AsSpan(FrameHeader.Size), _taken);
        _taken = 0;
        peer.Send(FrameKind.Credit, in address, _returned);
    }
}
