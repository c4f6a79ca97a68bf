using Confluent.Kafka;

namespace Penstock.Kafka.Sources;

/// <summary>The empty key and value type of the client: their bytes are copied directly from its memory into a block.</summary>
internal readonly struct NoPayload;

/// <summary>Passes the bytes of a key or value to a callback.</summary>
internal sealed class ByteTaker(Action<ReadOnlySpan<byte>, bool> take) : IDeserializer<NoPayload>
{
    public NoPayload Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        take(data, isNull);
        return default;
    }
}
