using Confluent.Kafka;

namespace Penstock;

/// <summary>
/// The Kafka client options for all pipelines of a host. Every client property can be set here, in configuration (<c>Penstock:Kafka</c>),
/// and for each source and sink; the more specific setting takes precedence.
/// </summary>
public sealed class KafkaOptions
{
    /// <summary>Properties of all clients, such as the brokers and the security protocol.</summary>
    public ClientConfig Client { get; } = [];

    /// <summary>Properties of the consumers of sources.</summary>
    public ConsumerConfig Consumer { get; } = [];

    /// <summary>Properties of the producers of sinks.</summary>
    public ProducerConfig Producer { get; } = [];
}
