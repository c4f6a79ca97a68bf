using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Penstock.Hosting;

namespace Penstock.Kafka.Tests;

public readonly record struct Tick(string Name, int Number);

/// <summary>Notes how much the process has allocated when some row comes.</summary>
public static class Allocations
{
    public const int Warm = 50_000;
    public const int Rows = 250_000;

    private static int _seen;
    private static long _before;

    public static double PerRow { get; private set; }

    public static void Begin() => _seen = 0;

    public static void Note()
    {
        if (++_seen == Warm)
        {
            _before = GC.GetTotalAllocatedBytes();
        }
        else if (_seen == Rows)
        {
            PerRow = (GC.GetTotalAllocatedBytes() - _before) / (double)(Rows - Warm);
        }
    }
}

[Operator]
public sealed partial class NoteAndDrop
{
    [Filter]
    private static bool Keep(in Tick tick)
    {
        Allocations.Note();
        return tick.Number < 0;
    }
}

[Operator]
public sealed partial class NoteAndKeep
{
    [Filter]
    private static bool Keep(in Tick tick)
    {
        Allocations.Note();
        return tick.Number >= 0;
    }
}

[Pipeline]
public sealed partial class DroppedTicks
{
    [KafkaSource("ticks", Until = KafkaEnd.Latest)]
    public partial Stream<Tick> Ticks { get; }

    [Apply<NoteAndDrop>(nameof(Ticks))]
    [FileSink("none.jsonl")]
    public partial Stream<Tick> None { get; }
}

[Pipeline]
public sealed partial class CopiedTicks
{
    [KafkaSource("ticks", Until = KafkaEnd.Latest)]
    public partial Stream<Tick> Ticks { get; }

    [Apply<NoteAndKeep>(nameof(Ticks))]
    [KafkaSink("copies", Key = nameof(Tick.Name), Delivery = KafkaDelivery.AtLeastOnce)]
    public partial Stream<Tick> Copies { get; }
}

/// <summary>Per message, Penstock allocates nothing: all that is allocated is the client's own, measured beside it on the same messages.</summary>
public sealed class AllocationTests(SharedBroker shared)
{
    // Checkpoints, timers and statistics of the run, spread over its messages.
    private const double Tolerance = 8;

    [Fact]
    public async Task What_a_message_costs_is_what_the_client_allocates_for_it()
    {
        var topic = await shared.Broker.CreateTopicAsync();
        var produced = Produce(topic);
        var consumed = Consume(topic);

        var source = await RunAsync<DroppedTicks>(topic, "None", Path.Combine(Path.GetTempPath(), $"penstock-{Guid.NewGuid():N}", "none.jsonl"));
        Assert.InRange(source, 0, consumed + Tolerance);

        var both = await RunAsync<CopiedTicks>(topic, null, await shared.Broker.CreateTopicAsync());
        Assert.InRange(both, 0, consumed + produced + Tolerance);

        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"bytes per message: Consume {consumed:F0}, a pipeline's source {source:F0}; Produce {produced:F0}, source and sink {both:F0}"));
    }

    private async Task<double> RunAsync<TPipeline>(string topic, string? pathOf, string target)
        where TPipeline : class, Penstock.Tasks.IPipeline
    {
        Allocations.Begin();
        using var job = new Job<TPipeline>(shared.Broker.Address) { ["Sources:Ticks:Topics"] = topic };
        job[pathOf == null ? "Sinks:Copies:Topic" : $"Sinks:{pathOf}:Path"] = target;
        var status = await job.RunAsync();
        Assert.True(status.State == PipelineState.Finished && status.Rows == Allocations.Rows, string.Join("\n", job.Logs));
        return Allocations.PerRow;
    }

    // With a message and its arrays used again, as Penstock does: what is left is the client's.
    private double Produce(string topic)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = shared.Broker.Address, QueueBufferingMaxMessages = 1_000_000 }).Build();
        var names = Enumerable.Range(0, 100).Select(static number => Encoding.UTF8.GetBytes("n" + number)).ToArray();
        var values = Enumerable.Range(0, 100).Select(static number => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"name\":\"n{number}\",\"number\":{number}}}"))).ToArray();
        var message = new Message<byte[], byte[]>();
        var before = 0L;
        for (var number = 0; number < Allocations.Rows; number++)
        {
            if (number == Allocations.Warm)
            {
                before = GC.GetTotalAllocatedBytes();
            }

            (message.Key, message.Value) = (names[number % 100], values[number % 100]);
            producer.Produce(topic, message);
        }

        var perMessage = (GC.GetTotalAllocatedBytes() - before) / (double)(Allocations.Rows - Allocations.Warm);
        producer.Flush();
        return perMessage;
    }

    private double Consume(string topic)
    {
        var config = new ConsumerConfig { BootstrapServers = shared.Broker.Address, GroupId = "bare", ConsumeResultFields = "none" };
        using var consumer = new ConsumerBuilder<Untouched, Untouched>(config).SetKeyDeserializer(new Untouched()).SetValueDeserializer(new Untouched()).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, 0));
        var before = 0L;
        for (var seen = 0; seen < Allocations.Rows;)
        {
            if (consumer.Consume(1000) is { Message: not null } && ++seen == Allocations.Warm)
            {
                before = GC.GetTotalAllocatedBytes();
            }
        }

        return (GC.GetTotalAllocatedBytes() - before) / (double)(Allocations.Rows - Allocations.Warm);
    }

    /// <summary>Makes nothing of what a message holds.</summary>
    private readonly struct Untouched : IDeserializer<Untouched>
    {
        public Untouched Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => default;
    }
}
