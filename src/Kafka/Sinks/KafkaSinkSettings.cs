using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sinks;

/// <summary>What the attribute of a sink says, overridden by configuration.</summary>
internal sealed class KafkaSinkSettings
{
    /// <summary>Keys go to the partitions to which Java's own clients send them.</summary>
    public const string Partitioner = "murmur2_random";

    private readonly KafkaClients _clients;

    public KafkaSinkSettings(KafkaSinkAttribute attribute, SinkContext context)
    {
        var place = $"Penstock:Pipelines:{context.PipelineName}:Sinks:{context.Id}";
        Place = $"Pipeline '{context.PipelineName}', sink '{context.Id}'";
        Client = new ClientName(context.PipelineName, "sink", context.Id, Subtask: null);
        Topic = context.Settings.Text(nameof(Topic)) ?? attribute.Topic;
        Delivery = context.Settings.Choice<KafkaDelivery>(nameof(Delivery)) ?? attribute.Delivery;
        AssumeCommitted = context.Settings.Number(nameof(AssumeCommitted));
        _clients = new KafkaClients(place, context.Services, context.Settings, context.Log);
        if (string.IsNullOrWhiteSpace(Topic))
        {
            throw new PipelineException(KafkaErrorCodes.ImpossibleOption, $"{Place} has no topic. Set {place}:Topic.");
        }
    }

    /// <summary>The sink, for messages.</summary>
    public string Place { get; }

    /// <summary>The sink, for metrics.</summary>
    public ClientName Client { get; }

    /// <summary>What the sink wants of the brokers, for messages.</summary>
    public KafkaUse Use => new(Place, Clients.Location, Topic, Group: "", IsSink: true);

    public string Topic { get; }

    public KafkaDelivery Delivery { get; }

    /// <summary>What a person has found to be the newest checkpoint in the topic, where the marker of the job is gone.</summary>
    public long? AssumeCommitted { get; }

    public KafkaClients Clients => _clients;

    /// <summary>Creates a producer.</summary>
    /// <param name="client">The name under which its statistics are kept.</param>
    /// <param name="defaults">What holds where the configuration says nothing else.</param>
    /// <param name="needed">What the engine relies on.</param>
    /// <param name="onError">Takes the errors of the client.</param>
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
