using System.Buffers.Binary;
using System.Text;

namespace Penstock.Sinks.Files;

/// <summary>A part file that is durable and waits for its checkpoint.</summary>
/// <param name="Name">The name that it gets when it is committed.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct PreparedPart(string Name, long Length);

/// <summary>The parts of one writer and checkpoint as bytes, kept in the manifest: a version, then for each part its length, and its name with a length before it.</summary>
internal static class PreparedParts
{
    private const byte Version = 1;

    public static byte[] Write(List<PreparedPart> parts)
    {
        if (parts.Count == 0)
        {
            return [];
        }

        using var bytes = new MemoryStream();
        bytes.WriteByte(Version);
        Span<byte> head = stackalloc byte[12];
        foreach (var part in parts)
        {
            var name = Encoding.UTF8.GetBytes(part.Name);
            BinaryPrimitives.WriteInt64LittleEndian(head, part.Length);
            BinaryPrimitives.WriteInt32LittleEndian(head[8..], name.Length);
            bytes.Write(head);
            bytes.Write(name);
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

        if (bytes[0] != Version)
        {
            throw new PipelineException($"The checkpoint lists part files in a format (version {bytes[0]}) that this version does not know. Start with a newer version.");
        }

        for (bytes = bytes[1..]; !bytes.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            var nameLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
            parts.Add(new PreparedPart(Encoding.UTF8.GetString(bytes.Slice(12, nameLength)), length));
            bytes = bytes[(12 + nameLength)..];
        }

        return parts;
    }
}
