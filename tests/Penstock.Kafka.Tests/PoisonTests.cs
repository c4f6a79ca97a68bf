using System.Text;
using Confluent.Kafka;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>Writes bad messages to topics, each with its own content.</summary>
public readonly record struct Reading(
    [property: Metadata("key")] string? Sensor,
    int Value,
    DateTimeOffset At,
    [property: Metadata("timestamp")] DateTimeOffset SentAt);

[Pipeline]
public sealed partial class Readings
{
    [KafkaSource("readings", Until = KafkaEnd.Latest)]
    [FileSink("out/readings.jsonl")]
    public partial Stream<Reading> All { get; }
}

[Pipeline]
public sealed partial class DeadReadings
{
    [KafkaSource("readings", Until = KafkaEnd.Latest, OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("out/readings.jsonl")]
    public partial Stream<Reading> All { get; }

    [SideOutput(nameof(All), SideOutputs.BadRows)]
    [KafkaSink("dead", Format = MessageFormat.Raw)]
    public partial Stream<BadRow> Dead { get; }
}

[Pipeline]
public sealed partial class DeadLines
{
    [FileSource("lines.jsonl", OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("out/lines.jsonl")]
    public partial Stream<Line> Lines { get; }

    [SideOutput(nameof(Lines), SideOutputs.BadRows)]
    [KafkaSink("dead", Format = MessageFormat.Raw)]
    public partial Stream<BadRow> Dead { get; }
}

/// <summary>Bad messages: what is reported, and where they go.</summary>
public sealed class PoisonTests(SharedBroker shared)
{
    [Fact]
    public async Task A_poison_message_fails_the_pipeline_with_its_topic_partition_and_offset()
    {
        var (job, topic) = await JobOfAsync<Readings>(
            shared.Broker,
            ("a", "{\"value\":1,\"at\":\"2026-01-01T00:00:00Z\"}"),
            ("a", "{\"value\":\"one\",\"at\":\"2026-01-01T00:00:00Z\"}"));
        using (job)
        {
            var status = await job.RunAsync();
            Assert.Equal(PipelineState.Failed, status.State);
            Assert.Contains(
                $"source 'All': {topic}/0, offset 1, column 'value': 'one' is not",
                status.Error!.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Poison_messages_are_skipped_and_counted()
    {
        var (job, _) = await JobOfAsync<Readings>(
            shared.Broker,
            ("a", "nonsense"),
            (null, "{\"value\":2,\"at\":\"2026-01-01T00:00:00Z\"}"),
            ("b", null),
            ("c", "{\"value\":3,\"at\":\"2026-01-01T00:00:00Z\"}"));
        using (job)
        {
            job["Sources:All:OnBadRow"] = "Skip";
            var status = await job.RunAsync();
            Assert.Equal((PipelineState.Finished, 2L, 2L), (status.State, status.Rows, status.Bad));
            var rows = Directory.GetFiles(Path.Combine(job.Folder, "out")).SelectMany(File.ReadLines).ToList();
            Assert.StartsWith("{\"sensor\":null,\"value\":2,", rows[0], StringComparison.Ordinal);
            Assert.StartsWith("{\"sensor\":\"c\",\"value\":3,", rows[1], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ExactlyOnce")]
    [InlineData("AtLeastOnce")]
    public async Task Poison_messages_go_to_a_dead_letter_topic_as_they_were_with_the_error_in_headers(string delivery)
    {
        // Invalid UTF-8; longer than the text of a bad row; without a value; with headers of the same name; and a former dead letter.
        var noText = new byte[] { 0xff, 0x00, 0xfe, 0x0a };
        var veryLong = Encoding.UTF8.GetBytes($"{{\"value\":\"{new string('x', 200_000)}\"}}");
        var sentAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["retention.ms"] = "-1" });
        using (var producer =
            new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build())
        {
            Send("{\"value\":1,\"at\":\"2026-01-01T00:00:00Z\"}"u8.ToArray(), "a"u8.ToArray(), []);
            Send(
                "{\"value\":2}"u8.ToArray(),
                noText,
                new Headers { { "trace", "t1"u8.ToArray() }, { "trace", noText }, { "empty", null } });
            Send(null, "b"u8.ToArray(), []);
            Send(noText, null, new Headers { { "penstock-error", "earlier"u8.ToArray() } });
            Send(veryLong, []);
            producer.Flush();

            void Send(byte[]? value, byte[]? key, Headers? headers = null) =>
                producer.Produce(
                    topic,
                    new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers, Timestamp = new Timestamp(sentAt) });
        }

        var dead = await shared.Broker.CreateTopicAsync();
        using var job = NewJob<DeadReadings>(topic);
        job["Sinks:Dead:Topic"] = dead;
        job["Sinks:Dead:Delivery"] = delivery;
        var status = await job.RunAsync();
        Assert.True(status is { State: PipelineState.Finished, Rows: 1, Bad: 4 }, string.Join("\n", job.Logs));

        var letters = shared.Broker.ReadAll(dead);
        Assert.Equal([noText, "b"u8.ToArray(), null, []], letters.Select(static letter => letter.Message.Key));
        Assert.Equal(["{\"value\":2}"u8.ToArray(), null, noText, veryLong], letters.Select(static letter => letter.Message.Value));
        Assert.Equal(["at", "", "", "value"], letters.Select(static letter => Header(letter, "column")));
        Assert.Equal("the property is missing, but a date and time such as 2001-01-31T13:45:00Z was expected", Header(letters[0], "error"));
        Assert.Equal("the message has no value: it is a tombstone, which deletes its key", Header(letters[1], "error"));
        Assert.Contains("not valid JSON", Header(letters[2], "error"), StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(1, 4).Select(offset => $"{topic}/0 {offset} 2023-11-14T22:13:20.1230000Z"),
            letters.Select(static letter => $"{Header(letter, "source")} {Header(letter, "position")} {Header(letter, "timestamp")}"));
        Assert.Equal(
            [("trace", "t1"u8.ToArray()), ("trace", noText), ("empty", null)],
            letters[0].Message.Headers.Take(3).Select(static header => (header.Key, (byte[]?)header.GetValueBytes())));
        Assert.Equal("earlier"u8.ToArray(), letters[2].Message.Headers[0].GetValueBytes());
    }

    [Fact]
    public async Task What_is_a_bad_row_of_a_file_is_a_dead_letter_with_its_text()
    {
        var dead = await shared.Broker.CreateTopicAsync();
        using var job = new Job<DeadLines>(shared.Broker.Address) { ["Sinks:Dead:Topic"] = dead };
        job["Sources:Lines:Path"] = job.Write("lines.jsonl", ["{\"shop\":\"a\",\"text\":\"b\"}", "nonsense"]);
        job["Sinks:Lines:Path"] = Path.Combine(job.Folder, "out", "lines.jsonl");
        Assert.Equal(PipelineState.Finished, (await job.RunAsync()).State);
        var letter = Assert.Single(shared.Broker.ReadAll(dead));
        Assert.Equal(
            (null, "nonsense", "2"),
            (letter.Message.Key, Encoding.UTF8.GetString(letter.Message.Value!), Header(letter, "position")));
    }

    [Fact]
    public async Task Times_from_a_skewed_clock_are_what_they_are()
    {
        // A broker refuses times far in the future unless the topic allows them.
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["message.timestamp.after.max.ms"] = "9223372036854775807" });
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build())
        {
            foreach (var time in (DateTime[])[
                new DateTime(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            ])
            {
                producer.Produce(
                    topic,
                    new Message<Null, string> { Value = "{\"value\":1,\"at\":\"2026-01-01T00:00:00Z\"}", Timestamp = new Timestamp(time) });
            }

            producer.Flush();
        }

        using var job = NewJob<Readings>(topic);
        Assert.Equal(PipelineState.Finished, (await job.RunAsync()).State);
        var rows = Directory.GetFiles(Path.Combine(job.Folder, "out")).SelectMany(File.ReadLines).ToList();
        Assert.Equal(
            ["1971-01-01T00:00:00Z", "2200-01-01T00:00:00Z"],
            rows.Select(static row => System.Text.Json.JsonDocument.Parse(row).RootElement.GetProperty("sentAt").GetString()));
    }

    private static string Header(ConsumeResult<byte[]?, byte[]?> message, string name) =>
        message.Message.Headers.TryGetLastBytes("penstock-" + name, out var bytes) ? Encoding.UTF8.GetString(bytes) : "";

    private Job<TPipeline> NewJob<TPipeline>(string topic, string source = "All")
        where TPipeline : class, Penstock.IPipeline => FileJob<TPipeline>(shared.Broker, topic, source);
}
