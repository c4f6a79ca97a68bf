using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Penstock.Kafka.Sources;

/// <summary>Finds the offsets at which reading of a partition begins and ends, and checks that no message is skipped.</summary>
internal sealed class PartitionBounds(KafkaSourceSettings settings, IConsumer<NoPayload, NoPayload> consumer, ILogger log)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // Kept short, because closing the consumer waits for the answer; a later attempt finds the same.
    private static readonly TimeSpan NewPartitionTimeout = TimeSpan.FromSeconds(5);

    private readonly ClientErrorMonitor _errors = new();

    /// <summary>Returns the start position of a new job.</summary>
    public PartitionPosition First(TopicPartition partition)
    {
        var there = Query(partition);
        var start = settings.StartFrom switch
        {
            KafkaStart.Latest => there.High.Value,
            KafkaStart.Group => Committed(partition) is { Value: >= 0 } committed ? committed.Value : there.Low.Value,
            KafkaStart.Timestamp => AtTime(partition, settings.StartTimestamp, there),
            KafkaStart.Offsets => settings.StartOffsets.TryGetValue(partition, out var given) ? given : there.Low.Value,
            KafkaStart.Earliest => there.Low.Value,
            _ =>
                throw new PipelineException(
                    KafkaErrorCodes.ImpossibleOption,
                    $"{settings.Place}: unknown value of StartFrom: {settings.StartFrom}."),
        };
        var end = settings.Until switch
        {
            KafkaEnd.Latest => there.High.Value,
            KafkaEnd.Timestamp => AtTime(partition, settings.UntilTimestamp, there),
            KafkaEnd.Offsets => settings.UntilOffsets.TryGetValue(partition, out var given) ? given : 0,
            KafkaEnd.Never => PartitionPosition.Endless,
            _ => throw new PipelineException(KafkaErrorCodes.ImpossibleOption, $"{settings.Place}: unknown value of Until: {settings.Until}."),
        };
        var first = new PartitionPosition(start, end);
        return IsThere(start, there) ? first : Lost(partition, first, there, there.Low.Value);
    }

    /// <summary>Returns the start position of a partition that was created after the job started: its first message.</summary>
    public PartitionPosition OfNew(TopicPartition partition) => new(Query(partition).Low.Value, PartitionPosition.Endless);

    /// <summary>
    /// Makes the client refresh the topics of newly created partitions, and finds the start positions of these partitions.
    /// </summary>
    /// <returns>The positions; null while a broker does not know one of the partitions yet.</returns>
    /// <remarks>
    /// The client caches topic metadata for minutes, and treats a partition that is not in the cache as nonexistent.
    /// </remarks>
    public List<PartitionPosition>? TryFindNew(IReadOnlyList<TopicPartition> partitions)
    {
        try
        {
            using var client = new DependentAdminClientBuilder(consumer.Handle).Build();
            foreach (var topic in partitions.Select(static partition => partition.Topic).Distinct())
            {
                client.GetMetadata(topic, NewPartitionTimeout);
            }

            return [
                .. partitions.Select(partition => new PartitionPosition(
                    consumer.QueryWatermarkOffsets(partition, NewPartitionTimeout).Low.Value,
                    PartitionPosition.Endless))
            ];
        }
        catch (KafkaException error) when (KafkaErrors.IsUnknown(error.Error) || !KafkaErrors.IsFinal(error.Error))
        {
            return null;
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Explain(error, settings.Use);
        }
    }

    /// <summary>Checks that the message at a position still exists or has not arrived yet.</summary>
    /// <returns>The position, or that of the oldest message if the policy accepts the loss.</returns>
    /// <exception cref="SourceChangedException">Messages were deleted.</exception>
    public PartitionPosition Check(TopicPartition partition, PartitionPosition position)
    {
        var there = Query(partition);
        var hasEnded = position.End != PartitionPosition.Endless && position.Next >= position.End;
        return hasEnded || IsThere(position.Next, there) ? position : Lost(partition, position, there, there.Low.Value);
    }

    /// <summary>Throws because messages were deleted, or returns the position of the oldest message if the policy accepts it.</summary>
    public PartitionPosition Lost(TopicPartition partition, PartitionPosition position)
    {
        var there = Query(partition);
        return Lost(partition, position, there, there.Low.Value);
    }

    private static bool IsThere(long next, WatermarkOffsets there) => next >= there.Low.Value && next <= there.High.Value;

    private PartitionPosition Lost(TopicPartition partition, PartitionPosition position, WatermarkOffsets there, long goOn)
    {
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"partition {partition.Partition.Value} of topic '{partition.Topic}' is to be read from offset "
                + $"{position.Next}, but has the offsets {there.Low.Value} to {there.High.Value}");
        var why = position.Next < there.Low.Value
            ? "the broker has deleted the messages between (retention)"
            : "the topic was deleted and recreated, or messages were lost by the broker";
        if (settings.OnDataLoss == KafkaDataLoss.Fail)
        {
            throw new SourceChangedException(
                $"{settings.Place}: {what}: {why}. To continue without them, set {settings.Section}:OnDataLoss to Continue; to start over, "
                    + $"use an empty checkpoint folder and an empty output. Retention should be longer than any downtime.",
                KafkaErrorCodes.MessagesLost);
        }

        log.DataLost(settings.Place, what, why, goOn);
        return position with { Next = goOn };
    }

    private long AtTime(TopicPartition partition, Timestamp time, WatermarkOffsets there)
    {
        var found = Query(
            partition.Topic,
            () => consumer.OffsetsForTimes([new TopicPartitionTimestamp(partition, time)], Timeout))[0].Offset;
        return found.Value >= 0 ? found.Value : there.High.Value;
    }

    private Offset Committed(TopicPartition partition) =>
        Query(
            partition.Topic,
            () => _errors.Query(wait => consumer.Committed([partition], wait), Timeout, () => _errors.PollForErrors(consumer)))[0].Offset;

    private WatermarkOffsets Query(TopicPartition partition) =>
        Query(partition.Topic, () => consumer.QueryWatermarkOffsets(partition, Timeout));

    private T Query<T>(string topic, Func<T> query)
    {
        try
        {
            return query();
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Explain(error, settings.Use with { Topic = topic });
        }
    }
}
