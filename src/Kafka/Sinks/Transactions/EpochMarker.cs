using Confluent.Kafka;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// The marker of a sink at the brokers: the newest checkpoint whose messages are in the topic, and the process that sent them. It is stored
/// as an offset of a consumer group that belongs to the job, and is written in the same transaction as the messages. The process number is
/// stored in the leader epoch of the offset, which is not otherwise used here.
/// </summary>
internal sealed class EpochMarker : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ClientErrorMonitor _errors = new();
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly TopicPartition _place;

    public EpochMarker(KafkaSinkSettings settings, string id)
    {
        _place = new TopicPartition(settings.Topic, 0);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(settings.Clients.Consumer([], new()
        {
            ["group.id"] = id,
            ["enable.auto.commit"] = "false",

            // Excludes a marker of a transaction that is still being committed.
            ["isolation.level"] = "read_committed",
        })).SetLogHandler((_, message) => settings.Clients.Log(message)).SetErrorHandler((_, error) => _errors.Record(error)).Build();
    }

    /// <summary>The metadata of the consumer group, for the transaction.</summary>
    public IConsumerGroupMetadata Group => _consumer.ConsumerGroupMetadata;

    /// <summary>Returns the name of the consumer group, which is also the transactional id, of one sink of one job.</summary>
    public static string IdOf(string job, string sink) => $"penstock-{job}-{sink}";

    /// <summary>Reads the marker.</summary>
    /// <returns>The marker; null if there is none.</returns>
    public Mark? Read()
    {
        var found = _errors.Query(wait => _consumer.Committed([_place], wait), Timeout, () => _errors.PollForErrors(_consumer))[0];
        return found.Offset == Offset.Unset ? null : new Mark(found.Offset.Value, found.LeaderEpoch);
    }

    /// <summary>Returns a marker as an offset.</summary>
    public TopicPartitionOffset[] Of(Mark mark) => [new(_place, mark.Checkpoint, mark.Process)];

    public void Dispose() => _consumer.Dispose();
}

/// <summary>The content of a marker.</summary>
/// <param name="Checkpoint">The newest checkpoint whose messages are in the topic.</param>
/// <param name="Process">A random number that a process drew when it took over the job; null if it is unknown.</param>
internal readonly record struct Mark(long Checkpoint, int? Process);
