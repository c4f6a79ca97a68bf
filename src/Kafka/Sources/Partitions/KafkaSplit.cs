using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sources;

/// <summary>Converts between partitions and splits.</summary>
internal static class KafkaSplit
{
    private const int TopicSlots = 1024;

    /// <summary>Returns the split of a partition.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The id that distinguishes the topic from a deleted or recreated one of the same name; empty if the broker
    /// does not report it.</param>
    public static SourceSplit Of(string topic, int partition, string topicId) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}"), topicId);

    /// <summary>Returns the partition of a split.</summary>
    public static TopicPartition Parse(SourceSplit split)
    {
        var slash = split.Id.LastIndexOf('/');
        return new TopicPartition(split.Id[..slash], int.Parse(split.Id.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Returns the slot of a split. The partitions of a topic have consecutive slots, and different topics start at different slots.
    /// </summary>
    public static int SlotOf(SourceSplit split)
    {
        var partition = Parse(split);
        return (int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(partition.Topic)) % TopicSlots) + partition.Partition.Value;
    }
}

/// <summary>The current and final positions in a partition, as saved in a checkpoint.</summary>
/// <param name="Next">The offset of the next message.</param>
/// <param name="End">The offset after the last message to read; negative if there is none.</param>
internal readonly record struct PartitionPosition(long Next, long End)
{
    public const long Endless = -1;

    private const byte Version = 1;
    private const int Length = 1 + sizeof(long) + sizeof(long);

    public static PartitionPosition Read(string split, ReadOnlySpan<byte> bytes) => bytes.Length == Length && bytes[0] == Version
        ? new PartitionPosition(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[(1 + sizeof(long))..]))
        : throw new PipelineException(
            KafkaErrorCodes.NewerRelease,
            $"{split}: the position in the checkpoint has a format that this version does not know. Start from an older checkpoint or "
                + $"with a newer version.");

    public void Write(IBufferWriter<byte> output)
    {
        var bytes = output.GetSpan(Length);
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], Next);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(1 + sizeof(long))..], End);
        output.Advance(Length);
    }
}
