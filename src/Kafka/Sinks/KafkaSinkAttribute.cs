using Penstock.Kafka;
namespace Penstock;

/// <summary>What a sink promises about its messages when a process dies.</summary>
public enum KafkaDelivery
{
    /// <summary>
    /// Each row is in the topic once, for consumers that read committed messages only. Messages become visible with the checkpoint that
    /// follows them, all at once.
    /// </summary>
    ExactlyOnce,

    /// <summary>Messages are sent at once. After a crash those since the last checkpoint are there twice.</summary>
    AtLeastOnce,

    /// <summary>Messages are sent at once, and no checkpoint waits for them: a broker that fails, or a crash, can lose some.</summary>
    None,
}

/// <summary>Delivers a stream to a Kafka topic.</summary>
/// <param name="topic">The topic, which must exist. Configuration can override it.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Publish
/// {
///     [FileSource("orders.csv")]
///     [KafkaSink("orders", Key = nameof(Order.Shop))]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
[Connector(typeof(KafkaConnector))]
[ConnectorMetadata("key")]
[ConnectorMetadata("header:*")]
[ConnectorMetadata("timestamp", typeof(DateTimeOffset), typeof(DateTime), typeof(long))]
[ConnectorMetadata("partition", typeof(int), IsReadOnly = true)]
[ConnectorMetadata("offset", typeof(long), IsReadOnly = true)]
[ConnectorMetadata("topic", typeof(string), IsReadOnly = true)]
public sealed class KafkaSinkAttribute(string topic) : SinkAttribute
{
    /// <summary>The topic.</summary>
    public string Topic { get; } = topic;

    /// <summary>The format of the values. Default: JSON.</summary>
    public MessageFormat Format { get; set; }

    /// <summary>
    /// The member whose text is the key of a message; write it as <c>nameof(Row.Member)</c>. Default: the member with
    /// <c>[Metadata("key")]</c>, or no key.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>
    /// A member of type <c>bool</c>: a row in which it is true is sent as a tombstone, a message without a value, which deletes its key in
    /// a compacted topic. Default: none.
    /// </summary>
    public string? Tombstone { get; set; }

    /// <summary>
    /// How updates are written. Default: they are refused. With <see cref="ChangelogFormat.Upsert"/> the key of a message must be made of
    /// the key of the stream, and a row that is deleted is a tombstone.
    /// </summary>
    public ChangelogFormat Changelog { get; set; }

    /// <summary>What the sink promises. Default: <see cref="KafkaDelivery.ExactlyOnce"/>.</summary>
    public KafkaDelivery Delivery { get; set; }
}
