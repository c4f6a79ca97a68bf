using Confluent.Kafka;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// What the brokers remember of a sink: the newest checkpoint whose messages are in the topic, and which process has put them there. It is
/// the offset of a consumer group that is the job's own, and is written in the same transaction as the messages. The process is where an
/// offset has the epoch of its leader, which means nothing here.
/// </summary>
internal sealed class EpochMarker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientErrorMonitor _complaints = new();
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly TopicPartition _place;

    public EpochMarker(KafkaSinkSettings settings, string id)
    {
        _place = new TopicPartition(settings.Topic, 0);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(settings.Clients.Consumer([], new()
        {
            ["group.id"] = id,
            ["enable.auto.commit"] = "false",

            // Not what a transaction has written that is still being committed.
            ["isolation.level"] = "read_committed",
        })).SetLogHandler((_, message) => settings.Clients.Log(message)).SetErrorHandler((_, error) => _complaints.Note(error)).Build();
    }

    /// <summary>The group, for the transaction.</summary>
    public IConsumerGroupMetadata Group => _consumer.ConsumerGroupMetadata;

    /// <summary>The name of the group, and of the transactions, of one sink of one job.</summary>
    public static string IdOf(string job, string sink) => $"penstock-{job}-{sink}";

    /// <summary>Reads the marker.</summary>
    /// <returns>The marker; null when there is none.</returns>
    public Mark? Read()
    {
        var found = _complaints.Ask(wait => _consumer.Committed([_place], wait), Patience, () => _complaints.Hear(_consumer))[0];
        return found.Offset == Offset.Unset ? null : new Mark(found.Offset.Value, found.LeaderEpoch);
    }

    /// <summary>The marker as an offset.</summary>
    public TopicPartitionOffset[] Of(Mark mark) => [new(_place, mark.Checkpoint, mark.Process)];

    public void Dispose() => _consumer.Dispose();
}

/// <summary>What a marker says.</summary>
/// <param name="Checkpoint">The newest checkpoint whose messages are in the topic.</param>
/// <param name="Process">A number that a process has made up when it took the job; null where it is not known.</param>
internal readonly record struct Mark(long Checkpoint, int? Process);
