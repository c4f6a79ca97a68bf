using Confluent.Kafka;

namespace Penstock.Kafka.Sources;

/// <summary>What the client makes of keys and values: nothing, since their bytes go straight from its memory into a block.</summary>
internal readonly struct NoPayload;

/// <summary>Takes the bytes of a key or value.</summary>
internal sealed class ByteTaker(Action<ReadOnlySpan<byte>, bool> take) : IDeserializer<NoPayload>
{
    public NoPayload Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        take(data, isNull);
        return default;
    }
}
