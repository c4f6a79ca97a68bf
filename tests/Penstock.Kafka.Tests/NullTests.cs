using Confluent.Kafka;

namespace Penstock.Kafka.Tests;

/// <summary>Everything in a message may be missing, and a pipeline from topic to topic handles each place.</summary>
public readonly record struct Anything(
    [property: Metadata("key")] byte[]? Key,
    byte[]? Value,
    [property: Metadata("header:trace")] byte[]? Trace,
    [property: Metadata("timestamp")] DateTimeOffset At,
    [property: Metadata("offset")] long Offset);

[Pipeline]
public sealed partial class Mirror
{
    [KafkaSource("in", Format = MessageFormat.Raw, Until = KafkaEnd.Latest)]
    [KafkaSink("out", Format = MessageFormat.Raw)]
    public partial Stream<Anything> All { get; }
}

/// <summary>Members that must not be missing.</summary>
public readonly record struct Whole(
    [property: Metadata("key")] int Key,
    string Text,
    [property: Metadata("header:trace")] string Trace);

[Pipeline]
public sealed partial class Wholes
{
    [KafkaSource("in", Until = KafkaEnd.Latest, OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("out/wholes.jsonl")]
    public partial Stream<Whole> All { get; }

    [SideOutput(nameof(All), SideOutputs.BadRows)]
    [FileSink("out/bad.jsonl")]
    public partial Stream<BadRow> Bad { get; }
}

/// <summary>Missing keys, values and headers.</summary>
public sealed class NullTests(SharedBroker shared)
{
    [Theory]
    [InlineData("ExactlyOnce")]
    [InlineData("AtLeastOnce")]
    public async Task What_is_missing_in_a_message_is_missing_in_its_copy(string delivery)
    {
        var (input, output) = (await CreateTopicAsync(), await CreateTopicAsync());
        (byte[]?, byte[]?, byte[]?)[] messages =
        [
            (
                "k"u8.ToArray(),
                "v"u8.ToArray(),
                "t"u8.ToArray()), ("k"u8.ToArray(), null, null), (null, "v"u8.ToArray(), []), (null, null, "t"u8.ToArray()), ([], [], null),
        ];
        Produce(input, messages);
        using var job = new Job<Mirror>(shared.Broker.Address)
        {
            ["Sources:All:Topics"] = input,
            ["Sinks:All:Topic"] = output,
            ["Sinks:All:Delivery"] = delivery
        };
        var status = await job.RunAsync();
        Assert.True(status is { State: PipelineState.Finished, Bad: 0 }, string.Join("\n", job.Logs));

        var copies = shared.Broker.ReadAll(output);
        Assert.Equal(
            messages,
            copies.Select(static copy => (copy.Message.Key, copy.Message.Value, copy.Message.Headers.TryGetLastBytes("trace", out var trace)
                ? trace
                : null)));
        Assert.All(copies, static copy => Assert.Equal(1_700_000_000_123, copy.Message.Timestamp.UnixTimestampMs));
    }

    [Fact]
    public async Task What_must_not_be_missing_is_a_bad_row_that_names_it()
    {
        var input = await CreateTopicAsync();
        var text = "{\"text\":\"a\"}"u8.ToArray();
        Produce(
            input,
            ("1"u8.ToArray(), text, "t"u8.ToArray()),
            (null, text, "t"u8.ToArray()),
            ("one"u8.ToArray(), text, "t"u8.ToArray()),
            ("2"u8.ToArray(), null, "t"u8.ToArray()),
            ("3"u8.ToArray(), "{\"text\":null}"u8.ToArray(), "t"u8.ToArray()),
            ("4"u8.ToArray(), text, null));
        using var job = new Job<Wholes>(shared.Broker.Address) { ["Sources:All:Topics"] = input };
        job["Sinks:All:Path"] = Path.Combine(job.Folder, "out", "wholes.jsonl");
        job["Sinks:Bad:Path"] = Path.Combine(job.Folder, "out", "bad.jsonl");
        var status = await job.RunAsync();
        Assert.True(status is { State: PipelineState.Finished, Rows: 1, Bad: 5 }, string.Join("\n", job.Logs));

        var bad = Directory.GetFiles(Path.Combine(job.Folder, "out"), "bad*")
            .SelectMany(File.ReadLines)
            .Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement)
            .Select(static row =>
                $"{row.GetProperty("position").GetInt64()} {row.GetProperty("column").GetString()}: {row.GetProperty("error").GetString()}");
        Assert.Equal(
            [
                "1 key: the value is null, but a whole number from -2147483648 to 2147483647 was expected",
                "2 key: 'one' is not a whole number from -2147483648 to 2147483647",
                "3 : the message has no value: it is a tombstone, which deletes its key",
                "4 text: the value is null, but a text was expected",
                "5 header:trace: the value is null, but a text was expected",
            ],
            bad);
    }

    private Task<string> CreateTopicAsync() => shared.Broker.CreateTopicAsync(configs: new() { ["retention.ms"] = "-1" });

    private void Produce(string topic, params (byte[]? Key, byte[]? Value, byte[]? Trace)[] messages)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build();
        foreach (var (key, value, trace) in messages)
        {
            producer.Produce(
                topic,
                new Message<byte[]?, byte[]?>
                {
                    Key = key,
                    Value = value,
                    Headers = trace == null
                    ? null
                    : new Headers { { "trace", trace } },
                    Timestamp = new Timestamp(1_700_000_000_123, TimestampType.CreateTime)
                });
        }

        producer.Flush();
    }
}
