using System.Globalization;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sources;

/// <summary>The settings of a source: its attribute, overridden by configuration.</summary>
internal sealed class KafkaSourceSettings
{
    private static readonly TimeSpan DefaultDiscovery = TimeSpan.FromSeconds(30);

    public KafkaSourceSettings(KafkaSourceAttribute attribute, SourceContext context)
    {
        var settings = context.Settings;
        Section = $"Penstock:Pipelines:{context.PipelineName}:Sources:{context.Id}";
        Place = $"Pipeline '{context.PipelineName}', source '{context.Id}'";
        Client = new ClientName(context.PipelineName, "source", context.Id, Subtask: null);
        Topics = settings.GetString(nameof(Topics))?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? attribute.Topics;
        StartFrom = settings.GetEnum<KafkaStart>(nameof(StartFrom)) ?? attribute.StartFrom;
        Until = settings.GetEnum<KafkaEnd>(nameof(Until)) ?? attribute.Until;
        var startTimestamp = settings.GetString(nameof(attribute.StartTimestamp)) ?? attribute.StartTimestamp;
        var startOffsets = settings.GetString(nameof(attribute.StartOffsets)) ?? attribute.StartOffsets;
        var untilTimestamp = settings.GetString(nameof(attribute.UntilTimestamp)) ?? attribute.UntilTimestamp;
        var untilOffsets = settings.GetString(nameof(attribute.UntilOffsets)) ?? attribute.UntilOffsets;
        OnDataLoss = settings.GetEnum<KafkaDataLoss>(nameof(OnDataLoss)) ?? attribute.OnDataLoss;
        KeepsBadMessages = context.OnBadRow == BadRowPolicy.SideOutput;
        GroupId = settings.GetString(nameof(GroupId)) ?? attribute.GroupId ?? $"penstock-{context.PipelineName}-{context.Id}";
        CommitOffsets = settings.GetBoolean(nameof(CommitOffsets)) ?? attribute.CommitOffsets;
        DiscoveryInterval = settings.GetTimeSpan(nameof(DiscoveryInterval)) ?? DefaultDiscovery;
        Clients = new KafkaClients(Section, context.Services, settings, context.Log);
        if (Topics.Length == 0 || Topics.Any(string.IsNullOrWhiteSpace))
        {
            throw new PipelineException(KafkaErrorCodes.ImpossibleOption, $"{Place} has no topic. Set {Section}:Topics.");
        }

        Pattern = Topics is [['^', ..] pattern] ? Parse(pattern) : null;
        StartTimestamp = StartFrom == KafkaStart.Timestamp ? Instant("StartTimestamp", startTimestamp) : default;
        UntilTimestamp = Until == KafkaEnd.Timestamp ? Instant("UntilTimestamp", untilTimestamp) : default;
        StartOffsets = StartFrom == KafkaStart.Offsets ? Offsets("StartOffsets", startOffsets) : [];
        UntilOffsets = Until == KafkaEnd.Offsets ? Offsets("UntilOffsets", untilOffsets) : [];
        if (StartFrom == KafkaStart.Timestamp
            && Until == KafkaEnd.Timestamp
            && UntilTimestamp.UnixTimestampMs <= StartTimestamp.UnixTimestampMs)
        {
            throw new PipelineException(
                KafkaErrorCodes.ImpossibleOption,
                $"{Place}: UntilTimestamp '{untilTimestamp}' is not after StartTimestamp '{startTimestamp}', so nothing would be read "
                    + $"({Section}:UntilTimestamp).");
        }

        foreach (var (partition, start) in StartOffsets)
        {
            if (UntilOffsets.TryGetValue(partition, out var end) && end < start)
            {
                throw new PipelineException(
                    KafkaErrorCodes.ImpossibleOption,
                    $"{Place}: UntilOffsets ends partition "
                        + $"{partition.Partition.Value} of topic '{partition.Topic}' at {end}, before StartOffsets begins it at "
                        + $"{start} ({Section}:UntilOffsets).");
            }
        }
    }

    /// <summary>The configuration section of the source.</summary>
    public string Section { get; }

    /// <summary>The description of the source for messages.</summary>
    public string Place { get; }

    /// <summary>The identity of the source for metrics.</summary>
    public ClientName Client { get; }

    /// <summary>The broker resources that the source uses, for messages.</summary>
    public KafkaErrorContext Use => new(Place, Clients.Location, string.Join("', '", Topics), GroupId, IsSink: false);

    public string[] Topics { get; }

    /// <summary>The pattern of the topics; null if they are listed by name.</summary>
    public Regex? Pattern { get; }

    public KafkaStart StartFrom { get; }

    public Timestamp StartTimestamp { get; }

    public Dictionary<TopicPartition, long> StartOffsets { get; }

    public KafkaEnd Until { get; }

    public Timestamp UntilTimestamp { get; }

    public Dictionary<TopicPartition, long> UntilOffsets { get; }

    public KafkaDataLoss OnDataLoss { get; }

    /// <summary><c>true</c> if messages that cannot be read are kept unchanged, because they go to a side output.</summary>
    public bool KeepsBadMessages { get; }

    public string GroupId { get; }

    public bool CommitOffsets { get; }

    /// <summary><c>true</c> if offsets of the consumer group are read or written, which requires permission.</summary>
    public bool UsesGroup => CommitOffsets || StartFrom == KafkaStart.Group;

    /// <summary>The interval between checks for new partitions; 0 for none.</summary>
    public TimeSpan DiscoveryInterval { get; }

    /// <summary>
    /// The interval between checks that all partitions still exist. The client itself does not report a deleted topic.
    /// </summary>
    public TimeSpan CheckInterval => DiscoveryInterval > TimeSpan.Zero ? DiscoveryInterval : DefaultDiscovery;

    public KafkaClients Clients { get; }

    /// <summary><c>true</c> if new partitions are read.</summary>
    public bool IsUnbounded => Until == KafkaEnd.Never;

    private Regex Parse(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException error)
        {
            throw new PipelineException(
                KafkaErrorCodes.ImpossibleOption,
                $"{Place}: '{pattern}' is not a valid regular expression for topics: {error.Message}",
                error);
        }
    }

    // In the protocol, negative numbers mean the ends of a partition.
    private Timestamp Instant(string name, string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            && instant >= DateTimeOffset.UnixEpoch
            ? new Timestamp(instant.ToUnixTimeMilliseconds(), TimestampType.CreateTime)
            : throw new PipelineException(
                KafkaErrorCodes.ImpossibleOption,
                $"{Place}: {name} is '{text}'; a time since 1970 such as 2026-01-01T00:00:00Z is expected "
                    + $"({Section}:{name}). To read from the oldest message, set StartFrom to Earliest.");

    private Dictionary<TopicPartition, long> Offsets(string name, string? text)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (var item in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = item.LastIndexOf(':');
            var slash = colon < 0 ? -1 : item.LastIndexOf('/', colon);
            var topic = slash > 0 ? item[..slash] : Topics.Length == 1 && Pattern == null ? Topics[0] : null;
            if (topic == null
                || !int.TryParse(
                    item.AsSpan(slash + 1, Math.Max(0, colon - slash - 1)),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var partition)
                || !long.TryParse(item.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                || !offsets.TryAdd(new TopicPartition(topic, partition), offset))
            {
                throw new PipelineException(
                    KafkaErrorCodes.ImpossibleOption,
                    $"{Place}: {name} has '{item}'; a partition and its offset such as 0:100, or with several topics orders/0:100, each "
                        + $"once, are expected ({Section}:{name}).");
            }
        }

        return offsets.Count > 0
            ? offsets
            : throw new PipelineException(KafkaErrorCodes.ImpossibleOption, $"{Place}: {name} is not set ({Section}:{name}).");
    }
}
