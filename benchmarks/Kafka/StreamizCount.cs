using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.Stream;
using Streamiz.Kafka.Net.Table;

namespace Penstock.Benchmarks.Kafka;

/// <summary>
/// The same count as a topology of Streamiz.Kafka.Net, Kafka Streams for .NET. Both keep their state in memory by default. The state of
/// Streamiz survives in its changelog topic, which is its default too; that of Penstock survives in checkpoints.
/// </summary>
internal static class StreamizCount
{
    private const int CommitIntervalMs = 1000;

    // Producing fails when the queue of the client is full. Streamiz sends twice as many messages, because each count also goes to the
    // changelog.
    private const int QueuedMessages = 2_000_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private static TaskCompletionSource _done = new();
    private static long _first;
    private static int _left;

    /// <summary>Consumes, parses, counts, serializes and produces; commits each second.</summary>
    /// <returns>The time from the first message to the last commit.</returns>
    public static async Task<TimeSpan> RunAsync(
        string broker,
        string topic,
        int partitions,
        int messages,
        string output,
        ProcessingGuarantee guarantee)
    {
        _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _first = 0;
        _left = messages;
        var id = $"streamiz-{Guid.NewGuid():N}";
        var failed = false;
        using var stream = new KafkaStream(Topology(topic, output), Config(broker, id, guarantee));
        stream.StateChanged += (_, now) => failed |= now == KafkaStream.State.ERROR;
        await stream.StartAsync();
        var waited = Stopwatch.StartNew();
        while (await Task.WhenAny(_done.Task, Task.Delay(100)) != _done.Task)
        {
            if (failed || waited.Elapsed > Timeout)
            {
                throw new InvalidOperationException($"Streamiz has counted {messages - _left} of {messages} messages.");
            }
        }

        // It commits the rest when it ends.
        await Task.Run(stream.Dispose);
        var time = Stopwatch.GetElapsedTime(_first);
        CheckCommitted(broker, id, topic, partitions, messages);
        return time;
    }

    private static Topology Topology(string topic, string output)
    {
        var builder = new StreamBuilder();
        builder.Stream<string, PaymentMessage, StringSerDes, PaymentSerDes>(topic)
            .GroupByKey()
            .Aggregate(
                static () => new CountMessage(0, 0),
                static (_, payment, sum) =>
                {
                    Note();
                    return new CountMessage(sum.Count + 1, sum.Total + payment.Amount);
                },
                InMemory.As<string, CountMessage, StringSerDes, CountSerDes>("counts"))
            .ToStream()
            .To<StringSerDes, CountSerDes>(output);
        return builder.Build();
    }

    private static StreamConfig<StringSerDes, StringSerDes> Config(string broker, string id, ProcessingGuarantee guarantee)
    {
        var config = new StreamConfig<StringSerDes, StringSerDes>
        {
            ApplicationId = id,
            BootstrapServers = broker,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            Guarantee = guarantee,
            CommitIntervalMs = CommitIntervalMs,
            FetchQueueBackoffMs = 20,
            QueueBufferingMaxMessages = QueuedMessages,

            // Faster than the default of 500. One thread, as in Penstock at parallelism 1, is faster here than two or four.
            MaxPollRecords = 5000,
            Logger = NullLoggerFactory.Instance,
        };

        // Exactly once implies both settings and does not allow setting them.
        if (guarantee == ProcessingGuarantee.AT_LEAST_ONCE)
        {
            config.EnableIdempotence = true;
            config.IsolationLevel = IsolationLevel.ReadCommitted;
        }

        return config;
    }

    private static void Note()
    {
        if (_first == 0)
        {
            Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        }

        if (Interlocked.Decrement(ref _left) == 0)
        {
            _done.SetResult();
        }
    }

    private static void CheckCommitted(string broker, string group, string topic, int partitions, int messages)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = broker, GroupId = group }).Build();
        var committed = consumer
            .Committed(Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)), Timeout)
            .Sum(static position => position.Offset.Value);
        if (committed != messages)
        {
            throw new InvalidOperationException($"Streamiz has committed {committed} of {messages} messages.");
        }
    }

    private sealed class PaymentSerDes() : ContextSerDes<PaymentMessage>(PaymentJson.Default.PaymentMessage);

    private sealed class CountSerDes() : ContextSerDes<CountMessage>(PaymentJson.Default.CountMessage);

    // The same serializer as in the hand-written loop: that of Streamiz uses reflection.
    private abstract class ContextSerDes<T>(JsonTypeInfo<T> type) : AbstractSerDes<T>
        where T : class
    {
        public override T Deserialize(byte[] data, SerializationContext context) =>
            data == null ? null! : JsonSerializer.Deserialize(data, type)!;

        public override byte[] Serialize(T data, SerializationContext context) =>
            data == null ? null! : JsonSerializer.SerializeToUtf8Bytes(data, type);
    }
}
