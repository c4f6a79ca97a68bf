using Microsoft.Extensions.Logging;

namespace Penstock.Kafka;

/// <summary>The log messages of this package.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(EventId = 400, Message = "Kafka client {Client}: {Facility}: {Text}")]
    public static partial void ClientMessage(this ILogger log, LogLevel level, string client, string facility, string text);

    [LoggerMessage(
        401,
        LogLevel.Warning,
        "Pipeline '{Pipeline}': sink '{Sink}' cannot commit checkpoint {Checkpoint} to {Location} now: {Reason} It retries in "
            + "{Delay}; the pipeline continues meanwhile.")]
    public static partial void CommitDelayed(
        this ILogger log,
        string pipeline,
        string sink,
        long checkpoint,
        string location,
        string reason,
        TimeSpan delay);

    [LoggerMessage(
        402,
        LogLevel.Error,
        "Pipeline '{Pipeline}': sink '{Sink}' lost messages to topic '{Topic}': {Reason} Its delivery guarantee is None.")]
    public static partial void MessagesLost(this ILogger log, string pipeline, string sink, string topic, string reason);

    [LoggerMessage(
        403,
        LogLevel.Error,
        "{Place}: {What}: {Why}. It resumes at offset {Offset}; missing offsets: {Missing}.")]
    public static partial void DataLost(this ILogger log, string place, string what, string why, long offset, string missing);

    [LoggerMessage(404, LogLevel.Warning, "{Place}: no broker answers: {Reason} It continues when a broker answers.")]
    public static partial void BrokersLost(this ILogger log, string place, string reason);

    [LoggerMessage(405, LogLevel.Information, "{Place}: the brokers answer again.")]
    public static partial void BrokersReconnected(this ILogger log, string place);

    [LoggerMessage(406, LogLevel.Information, "{Place}: there are new partitions: {Partitions}.")]
    public static partial void NewPartitions(this ILogger log, string place, string partitions);

    [LoggerMessage(407, LogLevel.Warning, "{Place}: the partitions cannot be looked at now: {Reason}")]
    public static partial void NotDiscovered(this ILogger log, string place, string reason);

    [LoggerMessage(
        408,
        LogLevel.Warning,
        "{Place}: the offsets of a checkpoint cannot be committed to group '{Group}': {Reason} The checkpoint itself has them.")]
    public static partial void OffsetsNotCommitted(this ILogger log, string place, string group, string reason);
}
