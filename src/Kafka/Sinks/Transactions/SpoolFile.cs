using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Penstock.Connectors;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>A file of messages that wait for the commit of their checkpoint.</summary>
/// <param name="Name">Its name in the spool.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Checksum">The 64-bit XXH3 hash of its bytes.</param>
internal sealed record SpoolFile(string Name, long Length, ulong Checksum)
{
    private const byte Version = 1;
    private const int HeadLength = 1 + sizeof(long) + sizeof(ulong);

    /// <summary>The prepared bytes of a subtask that has no messages but requests that the marker is written again.</summary>
    public static byte[] MarkerOnly { get; } = [Version];

    /// <summary>Returns the bytes for a manifest.</summary>
    public byte[] Serialize()
    {
        var bytes = new byte[HeadLength + Encoding.UTF8.GetByteCount(Name)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1 + sizeof(long)), Checksum);
        Encoding.UTF8.GetBytes(Name, bytes.AsSpan(HeadLength));
        return bytes;
    }

    /// <summary>Reads the bytes of a manifest.</summary>
    /// <returns>The file; null for <see cref="MarkerOnly"/>.</returns>
    public static SpoolFile? Read(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [Version] => null,
        [Version, ..] => new SpoolFile(
            Encoding.UTF8.GetString(bytes[HeadLength..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[(1 + sizeof(long))..])),
        _ =>
            throw new PipelineException(
                KafkaErrorCodes.NewerRelease,
                $"The checkpoint lists Kafka messages in a format (version {(bytes.IsEmpty ? 0 : bytes[0])}) that this version does not "
                    + $"know. Start with a newer version."),
    };

    /// <summary>Reads the file and passes on its messages in blocks of complete messages.</summary>
    /// <param name="spool">The spool.</param>
    /// <param name="send">Receives the messages.</param>
    /// <exception cref="PipelineException">The file is missing or damaged.</exception>
    public void Send(SinkSpool spool, Action<ReadOnlySpan<byte>> send)
    {
        using var file = Open(spool);
        var hash = new XxHash3();
        var block = new byte[256 * 1024];
        var filled = 0;
        for (var offset = 0L; offset < Length;)
        {
            var count = file.Read(offset, block.AsSpan(filled));
            if (count == 0)
            {
                throw Damaged(spool, "it ends too early");
            }

            hash.Append(block.AsSpan(filled, count));
            offset += count;
            filled += count;
            var whole = WholeMessages(spool, block.AsSpan(0, filled), out var wanted);
            send(block.AsSpan(0, whole));
            filled -= whole;
            Buffer.BlockCopy(block, whole, block, 0, filled);
            if (wanted > block.Length)
            {
                Array.Resize(ref block, wanted);
            }
        }

        if (filled > 0 || hash.GetCurrentHashAsUInt64() != Checksum)
        {
            throw Damaged(spool, "its checksum is another one");
        }
    }

    private int WholeMessages(SinkSpool spool, ReadOnlySpan<byte> bytes, out int wanted)
    {
        var whole = 0;
        wanted = 0;
        while (bytes.Length - whole >= sizeof(int))
        {
            wanted = BinaryPrimitives.ReadInt32LittleEndian(bytes[whole..]);
            if (wanted < MessageBuffer.HeadLength || wanted > Length)
            {
                throw Damaged(spool, "it holds no messages");
            }

            if (bytes.Length - whole < wanted)
            {
                break;
            }

            whole += wanted;
        }

        return whole;
    }

    private IReadableFile Open(SinkSpool spool)
    {
        IReadableFile file;
        try
        {
            file = spool.OpenRead(Name);
        }
        catch (FileNotFoundException error)
        {
            throw new PipelineException(
                KafkaErrorCodes.SpoolLost,
                $"The messages '{Name}' of a checkpoint that is to be committed are missing in '{spool.Location}'. Put the file back, or "
                    + $"start from an older savepoint.",
                error);
        }

        if (file.Length == Length)
        {
            return file;
        }

        using (file)
        {
            throw Damaged(spool, $"it has {file.Length} bytes instead of {Length}");
        }
    }

    private PipelineException Damaged(SinkSpool spool, string how) => new(
        KafkaErrorCodes.SpoolLost,
        $"The messages '{Name}' of a checkpoint that is to be committed are damaged in '{spool.Location}': {how}. Put the file back as it "
            + $"was, or start from an older savepoint. None of them is visible.");
}
