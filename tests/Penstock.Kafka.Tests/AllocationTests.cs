using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Penstock.Kafka.Tests;

/// <summary>Nothing else runs meanwhile, because the measurement includes the whole process.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AloneCollection;

public readonly record struct Tick(string Name, int Number);

/// <summary>
/// What the process allocates between two rows, by type. The runtime reports one object about every hundred thousand bytes.
/// </summary>
public sealed class AllocationTicks : EventListener
{
    public const int Warm = 50_000;
    public const int Rows = 450_000;

    // The number of bytes that each reported object stands for.
    private const EventKeywords Gc = (EventKeywords)1;

    private static readonly ConcurrentDictionary<string, long> Bytes = new();
    private static int _seen;
    private static volatile bool _isOn;

    /// <summary>The bytes of a type per row: of the types of the client, or of all others.</summary>
    public static double PerRow(bool ofClient) =>
        Bytes
            .Where(type => type.Key.Contains("Confluent.Kafka.", StringComparison.Ordinal) == ofClient)
            .Sum(static type => type.Value) / (double)(Rows - Warm);

    public static string Describe() =>
        string.Join(", ", Bytes
            .OrderByDescending(static type => type.Value)
            .Select(static type => string.Create(CultureInfo.InvariantCulture, $"{type.Key} {type.Value / (double)(Rows - Warm):F1}")));

    public static void Begin()
    {
        Bytes.Clear();
        _seen = 0;
    }

    public static void Note()
    {
        if (++_seen is Warm or Rows)
        {
            _isOn = _seen == Warm;
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Gc);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_isOn && eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true)
        {
            // The fields are those of version 4 of the event: the fourth is the amount in bytes, the sixth the type.
            Bytes.AddOrUpdate(
                (string)eventData.Payload![5]!,
                static (_, bytes) => bytes,
                static (_, sum, bytes) => sum + bytes,
                Convert.ToInt64(eventData.Payload[3], CultureInfo.InvariantCulture));
        }
    }
}

[Operator]
public sealed partial class NoteAndKeep
{
    [Filter]
    private static bool Keep(in Tick tick)
    {
        AllocationTicks.Note();
        return tick.Number >= 0;
    }
}

[Pipeline]
public sealed partial class CopiedTicks
{
    [KafkaSource("ticks", Until = KafkaEnd.Latest)]
    public partial Stream<Tick> Ticks { get; }

    [Apply<NoteAndKeep>(nameof(Ticks))]
    [KafkaSink("copies", Key = nameof(Tick.Name))]
    public partial Stream<Tick> Copies { get; }
}

/// <summary>Penstock allocates nothing per message: all objects are those of the client, which are listed and measured.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(SharedBroker shared)
{
    [Theory]
    [InlineData("AtLeastOnce")]
    [InlineData("ExactlyOnce")]
    public async Task Objects_of_a_message_are_those_of_the_client(string delivery)
    {
        var topic = await shared.Broker.CreateTopicAsync();
        Produce(topic);
        using var ticks = new AllocationTicks();
        AllocationTicks.Begin();
        using var job = new Job<CopiedTicks>(shared.Broker.Address)
        {
            ["Sources:Ticks:Topics"] = topic,
            ["Sinks:Copies:Topic"] = await shared.Broker.CreateTopicAsync(),
            ["Sinks:Copies:Delivery"] = delivery
        };
        var status = await job.RunAsync();
        Assert.True(status.State == PipelineState.Finished && status.Rows == AllocationTicks.Rows, string.Join("\n", job.Logs));

        TestContext.Current.SendDiagnosticMessage("{0}: bytes a message: {1}", delivery, AllocationTicks.Describe());

        // Allocations of a checkpoint, a timer or a growing buffer are divided by the number of messages. An object for each message would
        // be at least 24 bytes.
        Assert.True(AllocationTicks.PerRow(ofClient: false) < 16, AllocationTicks.Describe());
        Assert.True(AllocationTicks.PerRow(ofClient: true) > 16, "The runtime tells of no allocation at all.");
    }

    private void Produce(string topic)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = shared.Broker.Address,
            QueueBufferingMaxMessages = 1_000_000
        }).Build();
        for (var number = 0; number < AllocationTicks.Rows; number++)
        {
            producer.Produce(
                topic,
                new Message<Null, byte[]>
                {
                    Value = Encoding.UTF8.GetBytes(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{{\"name\":\"n{number % 100}\",\"number\":{number}}}"))
                });
        }

        producer.Flush();
    }
}
