using System.Buffers.Binary;
using System.IO.Hashing;

namespace Penstock.Network.Links;

/// <summary>What a frame carries.</summary>
internal enum FrameKind : byte
{
    /// <summary>Rows, and the watermark updates between them; also where an input comes to rest or to its end.</summary>
    Batch = 1,

    /// <summary>The barrier of a checkpoint.</summary>
    Barrier,

    /// <summary>To the sender: so many batches have been taken, and others may come.</summary>
    Credit,

    /// <summary>A message of job control. It belongs to no channel.</summary>
    Control,

    /// <summary>Nothing: the other node is there. It belongs to no channel.</summary>
    Heartbeat,
}

/// <summary>A channel between subtasks of two nodes. Tasks are numbered as in the plan.</summary>
internal readonly record struct ChannelAddress(
    ushort SourceTask,
    ushort SourceSubtask,
    ushort TargetTask,
    ushort TargetSubtask,
    ushort Input);

/// <summary>
/// What stands in front of the bytes of a frame, in 32 bytes, with a checksum of these and one of what follows. One of a channel says
/// which.
/// </summary>
/// <param name="Kind">What the frame carries.</param>
/// <param name="Attempt">The attempt to run the job that it belongs to.</param>
/// <param name="Channel">The channel, as its rows flow.</param>
/// <param name="Length">How many bytes follow.</param>
/// <param name="Checksum">The XXH3 of these bytes.</param>
internal readonly record struct FrameHeader(FrameKind Kind, int Attempt, ChannelAddress Channel, int Length, ulong Checksum)
{
    /// <summary>The bytes of a header.</summary>
    public const int Size = 32;

    /// <summary>The most bytes that follow a header.</summary>
    public const int LongestBody = 256 * 1024 * 1024;

    private const byte Version = 1;
    private const int ChecksumAt = Size - sizeof(uint);

    /// <summary>The header of these bytes.</summary>
    public static FrameHeader Of(FrameKind kind, int attempt, in ChannelAddress channel, ReadOnlySpan<byte> body) =>
        new(kind, attempt, channel, body.Length, XxHash3.HashToUInt64(body));

    /// <summary>Writes the header.</summary>
    /// <param name="bytes">As many bytes as it has.</param>
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
    /// <param name="bytes">Its bytes.</param>
    /// <exception cref="InvalidDataException">They are none.</exception>
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
        return header.Length is >= 0 and <= LongestBody
            ? header
            : throw new InvalidDataException($"a frame has {header.Length} bytes, and at most {LongestBody} are possible");
    }

    /// <summary>Makes sure that these are the bytes that followed the header when it was written.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public void CheckBody(ReadOnlySpan<byte> body)
    {
        if (XxHash3.HashToUInt64(body) != Checksum)
        {
            throw new InvalidDataException($"a frame of {Length} bytes is damaged");
        }
    }

    private static uint Check(ReadOnlySpan<byte> bytes) => (uint)XxHash3.HashToUInt64(bytes[..ChecksumAt]);
}
