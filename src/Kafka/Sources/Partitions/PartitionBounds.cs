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
        return Find(partition, new PartitionPosition(start, end), there, settings.StartFrom switch
        {
            KafkaStart.Offsets => "StartOffsets names an offset",
            KafkaStart.Group => $"the consumer group '{settings.GroupId}' has committed an offset",
            _ => null,
        });
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
    /// <returns>The position, or the nearest one that exists if the policy accepts the loss.</returns>
    /// <exception cref="SourceChangedException">Messages were deleted or lost.</exception>
    public PartitionPosition Check(TopicPartition partition, PartitionPosition position)
    {
        var there = Query(partition);
        var hasEnded = position.End != PartitionPosition.Endless && position.Next >= position.End;
        return hasEnded ? position : Find(partition, position, there, start: null);
    }

    /// <summary>
    /// Throws because the broker has refused a position, or returns the nearest one that exists if the policy accepts the loss.
    /// </summary>
    /// <exception cref="SourceChangedException">Messages were deleted or lost.</exception>
    public PartitionPosition Lost(TopicPartition partition, PartitionPosition position) =>
        Lost(partition, position, Query(partition), start: null);

    // `start` tells where the position of a new job comes from; null if it is not the choice of the user.
    private PartitionPosition Find(TopicPartition partition, PartitionPosition position, WatermarkOffsets there, string? start)
    {
        if (position.Next > there.High.Value)
        {
            // Messages may have arrived before the position was determined, but after the end was.
            there = Query(partition);
        }

        return position.Next >= there.Low.Value && position.Next <= there.High.Value ? position : Lost(partition, position, there, start);
    }

    // The messages before a position were read, or are not to be read. So a position beyond the end is continued at the end: the messages
    // that arrive next have its offsets. Reading would repeat everything if it began at the oldest message.
    private PartitionPosition Lost(TopicPartition partition, PartitionPosition position, WatermarkOffsets there, string? start)
    {
        var (next, low, high) = (position.Next, there.Low.Value, there.High.Value);
        var goOn = Math.Clamp(next, low, high);
        var isThere = goOn == next;
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"partition {partition.Partition.Value} of topic '{partition.Topic}' is to be read from offset {next}, "
                + $"{(isThere ? "and" : "but")} has the offsets {low} to {high}{(isThere ? ", but has refused this one" : "")}");
        var why = next < low ? "the broker has deleted the messages between (retention)"
            : isThere ? "the broker has lost messages before it and has others in their place, or the topic was deleted and recreated"
            : start != null ? $"{start} beyond the end"
            : "it is beyond the end, because the broker has lost its last messages, or the topic was deleted and recreated";
        if (settings.OnDataLoss == KafkaDataLoss.Fail)
        {
            var option = $"set {settings.Section}:OnDataLoss to Continue";
            var remedy = next < low
                ? $"To continue without them, {option}; to start over, use an empty checkpoint folder and an empty output. Retention should be "
                    + $"longer than any downtime."
                : start != null ? $"Correct it, or, to continue at offset {goOn}, {option}."
                : $"To continue at offset {goOn}, {option}; to start over, use an empty checkpoint folder and an empty output.";
            throw new SourceChangedException($"{settings.Place}: {what}: {why}. {remedy}", KafkaErrorCodes.MessagesLost);
        }

        log.DataLost(
            settings.Place,
            what,
            why,
            goOn,
            isThere ? "unknown" : Math.Abs(goOn - next).ToString(CultureInfo.InvariantCulture));
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
