using System.Buffers;
using System.ComponentModel;
using MemoryPack;
using Penstock.State;

namespace Penstock.Sources;

/// <summary>Serializes bad messages, for bad rows that are state or go to another process.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct BadMessageCodec : IValueCodec<BadMessage>
{
    /// <inheritdoc/>
    public static string Schema => "bad-message/1";

    /// <inheritdoc/>
    public static bool IsMutable => false;

    /// <inheritdoc/>
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in BadMessage value)
        where TBuffer : class, IBufferWriter<byte>
    {
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteUnmanagedArray(value.Key);
        writer.WriteUnmanagedArray(value.Value);
        writer.WriteUnmanaged(value.TimestampMilliseconds, value.Headers.Count);
        foreach (var header in value.Headers)
        {
            StateText.Write(ref writer, header.Name);
            writer.WriteUnmanagedArray(header.Value);
        }
    }

    /// <inheritdoc/>
    public static BadMessage Read(ref MemoryPackReader reader)
    {
        var key = reader.ReadUnmanagedArray<byte>();
        var value = reader.ReadUnmanagedArray<byte>();
        reader.ReadUnmanaged(out long timestamp, out int count);
        var headers = new List<MessageHeader>();
        for (var header = 0; header < count; header++)
        {
            headers.Add(new MessageHeader(reader.ReadString()!, reader.ReadUnmanagedArray<byte>()));
        }

        return new BadMessage(key, value, timestamp, headers);
    }

    /// <inheritdoc/>
    public static BadMessage Detach(BadMessage value) => value;
}
