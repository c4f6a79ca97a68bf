using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sources;

/// <summary>Partitions as splits.</summary>
internal static class KafkaSplit
{
    private const int TopicSlots = 1024;

    /// <summary>The split of a partition.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">What tells the topic from another one of the same name, before or after it; empty where the broker does not
    /// say it.</param>
    public static SourceSplit Of(string topic, int partition, string topicId) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}"), topicId);

    /// <summary>The partition of a split.</summary>
    public static TopicPartition Parse(SourceSplit split)
    {
        var slash = split.Id.LastIndexOf('/');
        return new TopicPartition(split.Id[..slash], int.Parse(split.Id.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>The partitions of a topic one after the other, and those of different topics not all at the same place.</summary>
    public static int SlotOf(SourceSplit split)
    {
        var partition = Parse(split);
        return (int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(partition.Topic)) % TopicSlots) + partition.Partition.Value;
    }
}

/// <summary>How far a partition is read, and how far it is to be read, as it lies in a checkpoint.</summary>
/// <param name="Next">The offset of the next message.</param>
/// <param name="End">The offset behind the last message; negative where there is none.</param>
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
