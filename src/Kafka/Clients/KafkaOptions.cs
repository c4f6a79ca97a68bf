using Confluent.Kafka;

namespace Penstock;

/// <summary>
/// How the pipelines of a host reach Kafka. Every property of the client can be set here, in configuration (<c>Penstock:Kafka</c>), and for
/// each source and sink, where what is nearer wins.
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
