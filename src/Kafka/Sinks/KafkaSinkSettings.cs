using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sinks;

/// <summary>The settings of a sink: its attribute, overridden by configuration.</summary>
internal sealed class KafkaSinkSettings
{
    /// <summary>The partitioner, which sends keys to the same partitions as the Java clients.</summary>
    public const string Partitioner = "murmur2_random";

    private readonly KafkaClients _clients;

    public KafkaSinkSettings(KafkaSinkAttribute attribute, SinkContext context)
    {
        var place = $"Penstock:Pipelines:{context.PipelineName}:Sinks:{context.Id}";
        Place = $"Pipeline '{context.PipelineName}', sink '{context.Id}'";
        Client = new ClientName(context.PipelineName, "sink", context.Id, Subtask: null);
        Topic = context.Settings.GetString(nameof(Topic)) ?? attribute.Topic;
        Delivery = context.Settings.GetEnum<KafkaDelivery>(nameof(Delivery)) ?? attribute.Delivery;
        AssumeCommitted = context.Settings.GetInt64(nameof(AssumeCommitted));
        _clients = new KafkaClients(place, context.Services, context.Settings, context.Log);
        if (string.IsNullOrWhiteSpace(Topic))
        {
            throw new PipelineException(KafkaErrorCodes.ImpossibleOption, $"{Place} has no topic. Set {place}:Topic.");
        }
    }

    /// <summary>The description of the sink for messages.</summary>
    public string Place { get; }

    /// <summary>The identity of the sink for metrics.</summary>
    public ClientName Client { get; }

    /// <summary>The broker resources that the sink uses, for messages.</summary>
    public KafkaErrorContext Use => new(Place, Clients.Location, Topic, Group: "", IsSink: true);

    public string Topic { get; }

    public KafkaDelivery Delivery { get; }

    /// <summary>
    /// The newest checkpoint whose messages are in the topic, as determined by a person because the marker of the job is lost; null if not
    /// set.
    /// </summary>
    public long? AssumeCommitted { get; }

    public KafkaClients Clients => _clients;

    /// <summary>Creates a producer.</summary>
    /// <param name="client">The identity of the client for its statistics.</param>
    /// <param name="defaults">The properties that configuration can override.</param>
    /// <param name="needed">The properties that the engine requires.</param>
    /// <param name="onError">Receives the errors of the client.</param>
    public IProducer<byte[]?, byte[]?> CreateProducer(
        ClientName client,
        Dictionary<string, string> defaults,
        Dictionary<string, string> needed,
        Action<Error> onError)
    {
        defaults["statistics.interval.ms"] = KafkaMetrics.Interval;
        try
        {
            return new ProducerBuilder<byte[]?, byte[]?>(_clients.Producer(defaults, needed))
                .SetStatisticsHandler((_, statistics) => KafkaMetrics.Take(client, statistics))
                .SetLogHandler((_, message) => _clients.Log(message))
                .SetErrorHandler((_, error) => onError(error))
                .Build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw _clients.Wrong(error);
        }
    }
}
