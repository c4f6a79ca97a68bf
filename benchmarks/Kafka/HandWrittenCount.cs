using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;

namespace Penstock.Benchmarks.Kafka;

/// <summary>
/// The same work as a careful programmer would write it without a stream processor: at least once, and only offsets survive a crash.
/// </summary>
internal static class HandWrittenCount
{
    private static readonly TimeSpan CommitInterval = TimeSpan.FromSeconds(1);

    /// <summary>Consumes messages and drops them.</summary>
    /// <returns>The time from the first message to the last.</returns>
    public static TimeSpan ConsumeOnly(string broker, string topic, int partitions, long messages)
    {
        using var consumer = Consumer(broker, topic, partitions);
        var first = 0L;
        for (var seen = 0L; seen < messages;)
        {
            if (consumer.Consume(1000) is { Message: not null } && ++seen == 1)
            {
                first = Stopwatch.GetTimestamp();
            }
        }

        return Stopwatch.GetElapsedTime(first);
    }

    /// <summary>Consumes, parses, counts, serializes and produces; commits when all sent messages have arrived.</summary>
    /// <returns>The time from the first message to the last commit.</returns>
    public static TimeSpan Run(string broker, string topic, int partitions, long messages, string output)
    {
        using var consumer = Consumer(broker, topic, partitions);
        using var producer =
            new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker, EnableIdempotence = true }).Build();
        var counts = new Dictionary<string, (long Count, decimal Total)>();
        var failed = false;
        var positions = new Dictionary<TopicPartition, Offset>();
        var first = 0L;
        var lastCommit = Stopwatch.GetTimestamp();
        for (var seen = 0L; seen < messages;)
        {
            if (consumer.Consume(1000) is not { Message: not null } message)
            {
                continue;
            }

            if (++seen == 1)
            {
                first = Stopwatch.GetTimestamp();
            }

            var payment = JsonSerializer.Deserialize(message.Message.Value, PaymentJson.Default.PaymentMessage)!;
            var (count, total) = counts.GetValueOrDefault(payment.Account);
            counts[payment.Account] = (count, total) = (count + 1, total + payment.Amount);
            var value = JsonSerializer.SerializeToUtf8Bytes(new CountMessage(count, total), PaymentJson.Default.CountMessage);
            Produce(
                producer,
                output,
                new Message<string, byte[]> { Key = payment.Account, Value = value },
                report => failed |= report.Error.IsError);
            positions[message.TopicPartition] = message.Offset + 1;
            if (Stopwatch.GetElapsedTime(lastCommit) >= CommitInterval)
            {
                Commit();
            }
        }

        Commit();
        return Stopwatch.GetElapsedTime(first);

        void Commit()
        {
            producer.Flush();
            if (failed)
            {
                throw new InvalidOperationException("A message was not delivered.");
            }

            consumer.Commit(positions.Select(static position => new TopicPartitionOffset(position.Key, position.Value)));
            lastCommit = Stopwatch.GetTimestamp();
        }
    }

    private static void Produce(
        IProducer<string, byte[]> producer,
        string topic,
        Message<string, byte[]> message,
        Action<DeliveryReport<string, byte[]>> report)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, message, report);
                return;
            }
            catch (ProduceException<string, byte[]> error) when (error.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Flush(TimeSpan.FromMilliseconds(5));
            }
        }
    }

    private static IConsumer<Ignore, byte[]> Consumer(string broker, string topic, int partitions)
    {
        var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker,
            GroupId = $"hand-written-{Guid.NewGuid():N}",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,

            // The same setting as in Penstock: by default the client waits for a second whenever its queue has been full.
            FetchQueueBackoffMs = 20,
        }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, 0)));
        return consumer;
    }
}

internal sealed record PaymentMessage(string Account, decimal Amount, DateTime At, string Currency, string Place);

internal sealed record CountMessage(long Count, decimal Total);

[JsonSerializable(typeof(PaymentMessage))]
[JsonSerializable(typeof(CountMessage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PaymentJson : JsonSerializerContext;
