using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Penstock.Testing;

namespace Penstock.Kafka.Tests;

/// <summary>A numbered message, for the conformance kit.</summary>
public readonly record struct Numbered([property: Metadata("key")] string Key, int Number);

/// <summary>The connectors that the kit checks.</summary>
[Pipeline]
public sealed partial class NumberedCopy
{
    [KafkaSource("in", OnBadRow = BadRowPolicy.Skip)]
    [KafkaSink("out")]
    public partial Stream<Numbered> All { get; }
}

/// <summary>The connectors for topics fulfil the contracts of sources and sinks, with a real broker.</summary>
public sealed class ConformanceTests(SharedBroker broker) : IDisposable
{
    // Messages 0 to 8 are in the first partition, with a bad one among them, and the others in the second one.
    private const int InFirst = 9;
    private const int Rows = 14;

    private readonly List<IDisposable> _jobs = [];

    public static TheoryData<string> SourcePromises =>
        Names(StreamingSourceConformance.For<Numbered>(static () => throw new NotSupportedException()));

    public static TheoryData<string> SinkPromises => Names(SinkConformance.For<Numbered>(static () => throw new NotSupportedException()));

    public static TheoryData<string> CommitterPromises =>
        Names(CommitterConformance.For<Numbered>(static () => throw new NotSupportedException()));

    [Theory]
    [MemberData(nameof(SourcePromises))]
    public async Task The_source_keeps_its_promises(string promise)
    {
        _ = broker.Broker;
        var applies = await StreamingSourceConformance.For(() => Source(isBounded: false)).VerifyAsync(promise);
        Assert.Equal(promise is not "The source ends with its last split", applies);
    }

    [Theory]
    [MemberData(nameof(SourcePromises))]
    public async Task The_bounded_source_keeps_its_promises(string promise)
    {
        _ = broker.Broker;
        var applies = await StreamingSourceConformance.For(() => Source(isBounded: true)).VerifyAsync(promise);
        Assert.Equal(
            promise is not ("Rows that come later wake the pipeline" or "A split that is new is read from its first row"),
            applies);
    }

    [Theory]
    [MemberData(nameof(SinkPromises))]
    public async Task The_sink_keeps_its_promises(string promise)
    {
        _ = broker.Broker;
        Assert.True(await SinkConformance.For(Sink).VerifyAsync(promise));
    }

    [Theory]
    [MemberData(nameof(CommitterPromises))]
    public async Task The_committer_keeps_its_promises(string promise)
    {
        _ = broker.Broker;
        var applies = await CommitterConformance.For(Sink).VerifyAsync(promise);
        Assert.Equal(
            promise is not ("A place that is taken is refused to another job" or "Output belongs to its job, even after a crash"),
            applies);
    }

    public void Dispose() => _jobs.ForEach(static job => job.Dispose());

    private SourceSetup<Numbered> Source(bool isBounded)
    {
        var topic = broker.Broker.CreateTopicAsync(partitions: 2).GetAwaiter().GetResult();
        for (var number = 0; number < Rows; number++)
        {
            Produce(topic, number < InFirst ? 0 : 1, Value(number));
            if (number == 4)
            {
                Produce(topic, 0, "{\"number\":\"x\"}");
            }
        }

        var connectors = Connectors(options =>
        {
            var source = new SourceOptions();
            source.Settings["Topics"] = topic;
            source.Settings["Until"] = isBounded ? "latest" : null;
            source.Settings["Client:metadata.max.age.ms"] = "100";
            source.Settings["Client:topic.metadata.refresh.interval.ms"] = "100";
            options.Sources["All"] = source;
        });
        return new SourceSetup<Numbered>
        {
            Create = () => connectors.CreateSource<Numbered>("All"),
            Rows = [.. Enumerable.Range(0, Rows).Select(Row)],
            BadRows = 1,
            AddRow = isBounded ? null : () => Produce(topic, 0, Value(99)),
            AddSplit = isBounded ? null : () => AddPartition(topic),
        };
    }

    private SinkSetup<Numbered> Sink()
    {
        var topic = broker.Broker.CreateTopicAsync().GetAwaiter().GetResult();
        var connectors = Connectors(options =>
        {
            var sink = new SinkOptions();
            sink.Settings["Topic"] = topic;
            options.Sinks["All"] = sink;
        });
        return new SinkSetup<Numbered>
        {
            Create = () => connectors.CreateSink<Numbered>("All"),
            ReadAsync = () => new([.. broker.Broker.ReadAll(topic).Select(static message => message.Message).Select(Read)]),
            Rows = [.. Enumerable.Range(0, 12).Select(Row)],
            AcceptsSeveralJobs = true,
        };
    }

    private PipelineConnectors Connectors(Action<PipelineOptions> configure)
    {
        var job = new Job<NumberedCopy>(broker.Broker.Address);
        var host = job.Build();
        var connectors = PipelineConnectors.Of<NumberedCopy>(
            options =>
            {
                options.Checkpoints.Path = Path.Combine(job.Folder, "checkpoints");
                configure(options);
            },
            host.Services);
        _jobs.AddRange([connectors, host, job]);
        return connectors;
    }

    private void Produce(string topic, int partition, string value)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.Broker.Address }).Build();
        producer.Produce(new TopicPartition(topic, partition), new Message<string, string> { Key = "k", Value = value });
        producer.Flush();
    }

    private void AddPartition(string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Broker.Address }).Build();
        admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 3 }]).GetAwaiter().GetResult();
        Produce(topic, 2, Value(100));
    }

    private static Numbered Row(int number) => new("k", number);

    private static string Value(int number) => string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number}}}");

    private static Numbered Read(Message<byte[]?, byte[]?> message) => new(
        Encoding.UTF8.GetString(message.Key!),
        JsonDocument.Parse(message.Value!).RootElement.GetProperty("number").GetInt32());

    private static TheoryData<string> Names(ConformanceSuite suite) => [.. suite.Checks.Select(static check => check.Name)];
}
