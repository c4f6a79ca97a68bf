using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Penstock.Kafka;

/// <summary>Publishes the periodic statistics of the clients as metrics of the meter <c>Penstock.Kafka</c>.</summary>
internal static class KafkaMetrics
{
    /// <summary>The default interval between statistics in milliseconds, as text (<c>statistics.interval.ms</c>).</summary>
    public const string Interval = "10000";

    private static readonly Meter Meter = new("Penstock.Kafka");
    private static readonly ConcurrentDictionary<ClientName, Snapshot> Clients = new();

    static KafkaMetrics()
    {
        Meter.CreateObservableGauge(
            "penstock.kafka.consumer.lag",
            () => Of(static client => client.Lag),
            "{message}",
            "Messages in the partitions of a source that it has not read.");
        Meter.CreateObservableGauge(
            "penstock.kafka.client.queue",
            () => Of(static client => client.Queue),
            "{message}",
            "Messages that wait in the client: to be sent, or to be read.");
        Meter.CreateObservableGauge(
            "penstock.kafka.client.received",
            () => Of(static client => client.Received),
            "By",
            "Bytes of messages that the client has received.");
        Meter.CreateObservableGauge(
            "penstock.kafka.client.sent",
            () => Of(static client => client.Sent),
            "By",
            "Bytes of messages that the client has sent.");
        Meter.CreateObservableGauge(
            "penstock.kafka.client.round_trip",
            () => Of(static client => client.RoundTripMicros),
            "us",
            "The mean time that the slowest broker takes to answer.");
    }

    /// <summary>Records the statistics of a client.</summary>
    /// <param name="client">The source or sink, and its subtask.</param>
    /// <param name="statistics">The statistics as JSON, in the format that the client library documents.</param>
    public static void Take(ClientName client, string statistics)
    {
        using var document = JsonDocument.Parse(statistics);
        var root = document.RootElement;
        Clients[client] = new Snapshot(Lag(root), Queue(root), Number(root, "rxmsg_bytes"), Number(root, "txmsg_bytes"), RoundTrip(root));
    }

    /// <summary>Removes the statistics of a closed client.</summary>
    public static void Forget(ClientName client) => Clients.TryRemove(client, out _);

    private static IEnumerable<Measurement<long>> Of(Func<Snapshot, long> value) =>
        Clients.Select(client => new Measurement<long>(value(client.Value), client.Key.Tags));

    private static long Lag(JsonElement root) => Partitions(root).Sum(static partition => Math.Max(0, Number(partition, "consumer_lag")));

    private static long Queue(JsonElement root) =>
        Number(root, "msg_cnt") + Partitions(root).Sum(static partition => Number(partition, "fetchq_cnt"));

    private static long RoundTrip(JsonElement root) => root.TryGetProperty("brokers", out var brokers)
        ? brokers.EnumerateObject()
            .Select(static broker => broker.Value.TryGetProperty("rtt", out var times) ? Number(times, "avg") : 0)
            .DefaultIfEmpty()
            .Max()
        : 0;

    private static IEnumerable<JsonElement> Partitions(JsonElement root) => root.TryGetProperty("topics", out var topics)
        ? topics.EnumerateObject()
            .SelectMany(static topic => topic.Value.GetProperty("partitions").EnumerateObject())
            .Where(static partition => partition.Name != "-1")
            .Select(static partition => partition.Value)
        : [];

    private static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private sealed record Snapshot(long Lag, long Queue, long Received, long Sent, long RoundTripMicros);
}
