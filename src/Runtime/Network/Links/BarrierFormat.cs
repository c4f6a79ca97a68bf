using System.Buffers.Binary;
using Penstock.Checkpoints;
using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>The format of barriers in frames: the id of the checkpoint, its mode, and whether it saves the whole state.</summary>
internal static class BarrierFormat
{
    private const int Size = sizeof(long) + 2;

    public static void Write(in CheckpointBarrier barrier, ByteBuffer buffer)
    {
        var bytes = buffer.GetSpan(Size)[..Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, barrier.Checkpoint);
        bytes[8] = (byte)barrier.Mode;
        bytes[9] = barrier.IsWhole ? (byte)1 : (byte)0;
        buffer.Advance(Size);
    }

    /// <exception cref="InvalidDataException">The bytes are not a barrier.</exception>
    public static CheckpointBarrier Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || !Enum.IsDefined((CheckpointMode)bytes[8]) || bytes[9] > 1)
        {
            throw new InvalidDataException($"a barrier cannot be read: {Convert.ToHexString(bytes)}");
        }

        return new CheckpointBarrier(BinaryPrimitives.ReadInt64LittleEndian(bytes), (CheckpointMode)bytes[8], bytes[9] == 1);
    }
}
