using Penstock.Kafka;
namespace Penstock;

/// <summary>
/// The start position of a new job in the partitions of a topic. A job that resumes from a checkpoint starts at the positions in it.
/// </summary>
public enum KafkaStart
{
    /// <summary>At the oldest available message.</summary>
    Earliest,

    /// <summary>After the newest message at the time of the first start.</summary>
    Latest,

    /// <summary>At the committed offsets of the source's consumer group; at the oldest message of partitions without one.</summary>
    Group,

    /// <summary>At the first message with the given time or later.</summary>
    Timestamp,

    /// <summary>At given offsets.</summary>
    Offsets,
}

/// <summary>The end position of a job in the partitions of a topic.</summary>
public enum KafkaEnd
{
    /// <summary>No end: the job waits for more messages.</summary>
    Never,

    /// <summary>After the newest message at the time of the first start.</summary>
    Latest,

    /// <summary>
    /// Before the first message with the given time or later; after the newest message if there is none at the first start.
    /// </summary>
    Timestamp,

    /// <summary>Before given offsets.</summary>
    Offsets,
}

/// <summary>The policy of a source for a position whose message the partition does not have.</summary>
public enum KafkaDataLoss
{
    /// <summary>Fails the pipeline.</summary>
    Fail,

    /// <summary>
    /// Logs an error that names the missing offsets, and continues with the oldest available message; if the position is beyond the end,
    /// with the message that arrives next.
    /// </summary>
    Continue,
}

/// <summary>Reads a stream from Kafka topics. The source is unbounded unless <see cref="Until"/> sets an end.</summary>
/// <param name="topics">The topics, or one pattern: a regular expression that begins with <c>^</c>. Configuration can override
/// them.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Archive
/// {
///     [KafkaSource("orders", StartFrom = KafkaStart.Latest)]
///     [FileSink("orders.csv")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
[Connector(typeof(KafkaConnector))]
[ConnectorMetadata("key")]
[ConnectorMetadata("header:*")]
[ConnectorMetadata("timestamp", typeof(DateTimeOffset), typeof(DateTime), typeof(long))]
[ConnectorMetadata("partition", typeof(int))]
[ConnectorMetadata("offset", typeof(long))]
[ConnectorMetadata("topic", typeof(string))]
public sealed class KafkaSourceAttribute(params string[] topics) : SourceAttribute
{
    /// <summary>The topics, or one pattern.</summary>
    public string[] Topics { get; } = topics;

    /// <summary>The format of the values. Default: JSON.</summary>
    public MessageFormat Format { get; set; }

    /// <summary>The policy for a message that cannot be read. Default: <see cref="BadRowPolicy.Fail"/>.</summary>
    public BadRowPolicy OnBadRow { get; set; }

    /// <summary>The start position of a new job. Default: <see cref="KafkaStart.Earliest"/>.</summary>
    public KafkaStart StartFrom { get; set; }

    /// <summary>The time for <see cref="KafkaStart.Timestamp"/>, in ISO 8601, such as <c>"2026-01-01T00:00:00Z"</c>.</summary>
    [ConnectorOption(ConnectorOptionFormat.Instant, Needs = nameof(StartFrom), Value = KafkaStart.Timestamp)]
    public string? StartTimestamp { get; set; }

    /// <summary>
    /// The offset of each partition for <see cref="KafkaStart.Offsets"/>, such as <c>"0:100, 1:250"</c>; with several topics
    /// <c>"orders/0:100"</c>. Partitions that are not listed start at their oldest message.
    /// </summary>
    [ConnectorOption(ConnectorOptionFormat.Offsets, Needs = nameof(StartFrom), Value = KafkaStart.Offsets)]
    public string? StartOffsets { get; set; }

    /// <summary>The end position of the job. Default: <see cref="KafkaEnd.Never"/>.</summary>
    public KafkaEnd Until { get; set; }

    /// <summary>The time for <see cref="KafkaEnd.Timestamp"/>, in ISO 8601.</summary>
    [ConnectorOption(ConnectorOptionFormat.Instant, Needs = nameof(Until), Value = KafkaEnd.Timestamp, After = nameof(StartTimestamp))]
    public string? UntilTimestamp { get; set; }

    /// <summary>
    /// For <see cref="KafkaEnd.Offsets"/>, the offset after the last message to read from each partition. Partitions that are not listed
    /// are not read.
    /// </summary>
    [ConnectorOption(ConnectorOptionFormat.Offsets, Needs = nameof(Until), Value = KafkaEnd.Offsets, After = nameof(StartOffsets))]
    public string? UntilOffsets { get; set; }

    /// <summary>
    /// The policy for a position whose message was deleted or lost, or does not exist yet. Default: <see cref="KafkaDataLoss.Fail"/>.
    /// </summary>
    public KafkaDataLoss OnDataLoss { get; set; }

    /// <summary>
    /// The consumer group for committed offsets. It does not assign partitions; Penstock does. Default: <c>penstock-</c> followed by the
    /// names of the pipeline and the source.
    /// </summary>
    public string? GroupId { get; set; }

    /// <summary>
    /// <c>true</c> to commit the offsets of each complete checkpoint to the consumer group, for monitoring. Default: <c>false</c>.
    /// </summary>
    public bool CommitOffsets { get; set; }
}
