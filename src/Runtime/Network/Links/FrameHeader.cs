using System.Buffers.Binary;
using System.IO.Hashing;

namespace Penstock.Network.Links;

/// <summary>The content of a frame.</summary>
internal enum FrameKind : byte
{
    /// <summary>Rows, and the watermark updates between them, including that an input is idle or has ended.</summary>
    Batch = 1,

    /// <summary>The barrier of a checkpoint.</summary>
    Barrier,

    /// <summary>Sent to the sender: a number of batches have been taken, and as many may be sent.</summary>
    Credit,

    /// <summary>A message of job control, which belongs to no channel.</summary>
    Control,

    /// <summary>An empty frame that shows that the other node is alive, which belongs to no channel.</summary>
    Heartbeat,
}

/// <summary>The address of a channel between subtasks of two nodes. Tasks are numbered as in the plan.</summary>
internal readonly record struct ChannelAddress(
    ushort SourceTask,
    ushort SourceSubtask,
    ushort TargetTask,
    ushort TargetSubtask,
    ushort Input);

/// <summary>
/// The header of a frame, in 32 bytes, with a checksum of itself and one of the body. The header of a channel's frame contains the address
/// of the channel.
/// </summary>
/// <param name="Kind">The content of the frame.</param>
/// <param name="Attempt">The number of the attempt to run the job.</param>
/// <param name="Channel">The channel, in the direction of its rows.</param>
/// <param name="Length">The length of the body in bytes.</param>
/// <param name="Checksum">The XXH3 checksum of the body.</param>
internal readonly record struct FrameHeader(FrameKind Kind, int Attempt, ChannelAddress Channel, int Length, ulong Checksum)
{
    /// <summary>The size of a header in bytes.</summary>
    public const int Size = 32;

    /// <summary>The maximum length of a body in bytes.</summary>
    public const int MaxBodyLength = 256 * 1024 * 1024;

    private const byte Version = 1;
    private const int ChecksumAt = Size - sizeof(uint);

    /// <summary>Returns the header for a body.</summary>
    public static FrameHeader Of(FrameKind kind, int attempt, in ChannelAddress channel, ReadOnlySpan<byte> body) =>
        new(kind, attempt, channel, body.Length, XxHash3.HashToUInt64(body));

    /// <summary>Writes the header.</summary>
    /// <param name="bytes">A buffer of the size of a header.</param>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Checksum);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Attempt);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], Channel.SourceTask);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[18..], Channel.SourceSubtask);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[20..], Channel.TargetTask);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], Channel.TargetSubtask);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[24..], Channel.Input);
        bytes[26] = (byte)Kind;
        bytes[27] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumAt..], Check(bytes));
    }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The bytes of the header.</param>
    /// <exception cref="InvalidDataException">The bytes are not a header.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Check(bytes))
        {
            throw new InvalidDataException("the header of a frame is damaged");
        }

        if (bytes[27] != Version)
        {
            throw new InvalidDataException(
                $"a frame has the version {bytes[27]}, and only {Version} is known: run the same release on all nodes");
        }

        var header = new FrameHeader(
            (FrameKind)bytes[26],
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            new ChannelAddress(
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[22..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..])),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        return header.Length is >= 0 and <= MaxBodyLength
            ? header
            : throw new InvalidDataException($"a frame has {header.Length} bytes, and at most {MaxBodyLength} are possible");
    }

    /// <summary>Checks that a body is the one for which the header was written.</summary>
    /// <exception cref="InvalidDataException">The body is a different one.</exception>
    public void CheckBody(ReadOnlySpan<byte> body)
    {
        if (XxHash3.HashToUInt64(body) != Checksum)
        {
            throw new InvalidDataException($"a frame of {Length} bytes is damaged");
        }
    }

    private static uint Check(ReadOnlySpan<byte> bytes) => (uint)XxHash3.HashToUInt64(bytes[..ChecksumAt]);
}
