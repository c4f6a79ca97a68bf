using Penstock.Kafka;
namespace Penstock;

/// <summary>The delivery guarantee of a sink for its messages.</summary>
public enum KafkaDelivery
{
    /// <summary>
    /// Consumers that read only committed messages see each row exactly once. The messages of a checkpoint become visible together when the
    /// checkpoint is complete.
    /// </summary>
    ExactlyOnce,

    /// <summary>Messages are sent immediately. After a crash, messages since the last checkpoint may be sent a second time.</summary>
    AtLeastOnce,

    /// <summary>Messages are sent immediately, and no checkpoint waits for them. A broker failure or a crash can lose some.</summary>
    None,
}

/// <summary>Writes a stream to a Kafka topic.</summary>
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
    /// A member of type <c>bool</c>. A row in which it is <c>true</c> is sent as a tombstone, a message without a value, which deletes its
    /// key in a compacted topic. Default: none.
    /// </summary>
    public string? Tombstone { get; set; }

    /// <summary>
    /// The format in which updates are written. Default: updates are refused. With <see cref="ChangelogFormat.Upsert"/> the key of a
    /// message must identify the key of the stream, and a deleted row is a tombstone.
    /// </summary>
    public ChangelogFormat Changelog { get; set; }

    /// <summary>The delivery guarantee of the sink. Default: <see cref="KafkaDelivery.ExactlyOnce"/>.</summary>
    public KafkaDelivery Delivery { get; set; }
}
