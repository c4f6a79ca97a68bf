using Penstock.Kafka;
namespace Penstock;

/// <summary>
/// Where a new job begins to read the partitions of a topic. A job that goes on from a checkpoint goes on where that was taken.
/// </summary>
public enum KafkaStart
{
    /// <summary>At the oldest message that is there.</summary>
    Earliest,

    /// <summary>Behind the newest message that is there at the first start.</summary>
    Latest,

    /// <summary>Where the consumer group of the source has committed; at the oldest message where it has not.</summary>
    Group,

    /// <summary>At the first message that is not older than a given time.</summary>
    Timestamp,

    /// <summary>At given offsets.</summary>
    Offsets,
}

/// <summary>Where a job ends that reads the partitions of a topic.</summary>
public enum KafkaEnd
{
    /// <summary>Nowhere: it waits for more.</summary>
    Never,

    /// <summary>Behind the newest message that is there at the first start.</summary>
    Latest,

    /// <summary>
    /// Before the first message that is not older than a given time; behind the newest one where there is none at the first start.
    /// </summary>
    Timestamp,

    /// <summary>Before given offsets.</summary>
    Offsets,
}

/// <summary>What a source does when messages are gone that it has not read.</summary>
public enum KafkaDataLoss
{
    /// <summary>Fails the pipeline.</summary>
    Fail,

    /// <summary>Logs an error that says which messages they are, and goes on with the oldest one that is there.</summary>
    GoOn,
}

/// <summary>Reads a stream from Kafka topics. An unbounded source, unless <see cref="Until"/> says where it ends.</summary>
/// <param name="topics">The topics; or one pattern, a regular expression that begins with <c>^</c>. Configuration can override
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

    /// <summary>What to do with a message that cannot be read. Default: fail.</summary>
    public BadRowPolicy OnBadRow { get; set; }

    /// <summary>Where a new job begins. Default: at the oldest message.</summary>
    public KafkaStart StartFrom { get; set; }

    /// <summary>For <see cref="KafkaStart.Timestamp"/>: the time, in ISO 8601, such as <c>"2026-01-01T00:00:00Z"</c>.</summary>
    [ConnectorOption(ConnectorText.Instant, Needs = nameof(StartFrom), Value = KafkaStart.Timestamp)]
    public string? StartTimestamp { get; set; }

    /// <summary>
    /// For <see cref="KafkaStart.Offsets"/>: the offset of each partition, such as <c>"0:100, 1:250"</c>; with several topics
    /// <c>"orders/0:100"</c>. Partitions that are not named begin at their oldest message.
    /// </summary>
    [ConnectorOption(ConnectorText.Offsets, Needs = nameof(StartFrom), Value = KafkaStart.Offsets)]
    public string? StartOffsets { get; set; }

    /// <summary>Where the job ends. Default: nowhere.</summary>
    public KafkaEnd Until { get; set; }

    /// <summary>For <see cref="KafkaEnd.Timestamp"/>: the time, in ISO 8601.</summary>
    [ConnectorOption(ConnectorText.Instant, Needs = nameof(Until), Value = KafkaEnd.Timestamp, After = nameof(StartTimestamp))]
    public string? UntilTimestamp { get; set; }

    /// <summary>
    /// For <see cref="KafkaEnd.Offsets"/>: the offset behind the last message of each partition. Partitions that are not named are not
    /// read.
    /// </summary>
    [ConnectorOption(ConnectorText.Offsets, Needs = nameof(Until), Value = KafkaEnd.Offsets, After = nameof(StartOffsets))]
    public string? UntilOffsets { get; set; }

    /// <summary>What to do when messages are gone that have not been read. Default: fail.</summary>
    public KafkaDataLoss OnDataLoss { get; set; }

    /// <summary>
    /// The consumer group in which offsets are committed and read. It does not divide the partitions: Penstock does. Default:
    /// <c>penstock-</c>, the pipeline and the source.
    /// </summary>
    public string? GroupId { get; set; }

    /// <summary>Whether the offsets of each complete checkpoint are committed to the group, for monitoring. Default: no.</summary>
    public bool CommitOffsets { get; set; }
}
