using System.Buffers.Binary;
using System.Text;

namespace Penstock.Sinks.Files;

/// <summary>
/// The parts of one writer and checkpoint as bytes in the manifest: a version, then for each part its length and its name with a length
/// prefix; from version 2 on also its ticket with a length prefix.
/// </summary>
internal static class PreparedParts
{
    private const byte WithoutTickets = 1;
    private const byte WithTickets = 2;

    public static byte[] Write(IReadOnlyList<PreparedPart> parts)
    {
        if (parts.Count == 0)
        {
            return [];
        }

        // If no part has a ticket, an earlier version can resume from the checkpoint.
        var version = parts.Any(static part => !part.Ticket.IsEmpty) ? WithTickets : WithoutTickets;
        using var bytes = new MemoryStream();
        bytes.WriteByte(version);
        Span<byte> length = stackalloc byte[8];
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
            bytes.Write(length);
            WriteBlock(bytes, Encoding.UTF8.GetBytes(part.Name));
            if (version == WithTickets)
            {
                WriteBlock(bytes, part.Ticket.Span);
            }
        }

        return bytes.ToArray();
    }

    public static List<PreparedPart> Read(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<PreparedPart>();
        if (bytes.IsEmpty)
        {
            return parts;
        }

        var version = bytes[0];
        if (version is not (WithoutTickets or WithTickets))
        {
            throw new PipelineException(
                ErrorCodes.NewerRelease,
                $"The checkpoint lists part files in a format (version {version}) that this version does not know. Start with a newer "
                    + $"version.");
        }

        for (bytes = bytes[1..]; !bytes.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            bytes = bytes[8..];
            var name = Encoding.UTF8.GetString(ReadBlock(ref bytes));
            parts.Add(new PreparedPart(
                name,
                length,
                version == WithTickets ? ReadBlock(ref bytes).ToArray() : default(ReadOnlyMemory<byte>)));
        }

        return parts;
    }

    private static void WriteBlock(MemoryStream bytes, ReadOnlySpan<byte> block)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, block.Length);
        bytes.Write(length);
        bytes.Write(block);
    }

    private static ReadOnlySpan<byte> ReadBlock(ref ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var block = bytes.Slice(4, length);
        bytes = bytes[(4 + length)..];
        return block;
    }
}
