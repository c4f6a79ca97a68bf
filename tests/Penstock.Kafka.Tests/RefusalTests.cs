using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>A row whose key and time may be missing, and may have any value.</summary>
public readonly record struct Measure(
    [property: Metadata("key")] string? Sensor,
    int Value,
    [property: Metadata("timestamp")] long? SentAt);

[Pipeline]
public sealed partial class Measures
{
    [FileSource("in.jsonl")]
    [KafkaSink("measures")]
    public partial Stream<Measure> All { get; }
}

/// <summary>Messages that a topic always refuses, and operations that a source is not allowed.</summary>
public sealed class RefusalTests(SharedBroker shared)
{
    [Theory]
    [InlineData(
        "ExactlyOnce",
        "compact",
        "{\"sensor\":null,\"value\":7,\"sentAt\":null}",
        "a row without a key: a message without a key cannot go to topic")]
    [InlineData(
        "AtLeastOnce",
        "compact,delete",
        "{\"sensor\":null,\"value\":7,\"sentAt\":null}",
        "a row without a key: a message without a key cannot go to topic")]
    [InlineData(
        "None",
        "compact",
        "{\"sensor\":null,\"value\":7,\"sentAt\":null}",
        "a row without a key: a message without a key cannot go to topic")]
    [InlineData(
        "ExactlyOnce",
        "delete",
        "{\"sensor\":\"north\",\"value\":7,\"sentAt\":0}",
        "the row with the key 'north': 0 ms since 1970 cannot be the time of a message")]
    [InlineData(
        "AtLeastOnce",
        "delete",
        "{\"sensor\":\"north\",\"value\":7,\"sentAt\":0}",
        "the row with the key 'north': 0 ms since 1970 cannot be the time of a message")]
    [InlineData(
        "AtLeastOnce",
        "delete",
        "{\"sensor\":\"north\",\"value\":7,\"sentAt\":-1}",
        "the row with the key 'north': -1 ms since 1970 cannot be the time of a message")]
    [InlineData(
        "AtLeastOnce",
        "delete",
        "{\"sensor\":\"north\",\"value\":7,\"sentAt\":-9223372036854775808}",
        "the row with the key 'north': -9223372036854775807 ms since 1970")]
    [InlineData(
        "ExactlyOnce",
        "delete",
        "{\"sensor\":\"north\",\"value\":7,\"sentAt\":1755933141855875}",
        "the row with the key 'north': the time of a message, 1755933141855875 ms since 1970, is one that topic")]
    public async Task A_message_that_a_topic_would_refuse_fails_the_pipeline_and_names_the_row(
        string delivery,
        string policy,
        string row,
        string said)
    {
        var topic = await shared.Broker.CreateTopicAsync(configs: new()
        {
            ["cleanup.policy"] = policy,
            ["message.timestamp.after.max.ms"] = "3600000"
        });
        using var job = NewJob(topic, delivery, ["{\"sensor\":\"south\",\"value\":1,\"sentAt\":null}", row]);
        var status = await job.RunAsync();
        Assert.Equal((PipelineState.Failed, 0), (status.State, status.Restarts));
        Assert.Contains("Pipeline 'Measures', sink 'All/measures', " + said, status.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            shared.Broker.ReadAll(topic),
            static message => Encoding.UTF8.GetString(message.Message.Value!).Contains('7', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ExactlyOnce", "cleanup.policy", "compact", "takes no message without a key: give each row a key")]
    [InlineData("AtLeastOnce", "cleanup.policy", "compact", "takes no message without a key: give each row a key")]
    [InlineData("ExactlyOnce", "message.timestamp.before.max.ms", "1000", "Correct the member with [Metadata(\"timestamp\")]")]
    [InlineData("AtLeastOnce", "message.timestamp.before.max.ms", "1000", "Correct the member with [Metadata(\"timestamp\")]")]
    public async Task What_only_the_broker_refuses_fails_the_pipeline_with_its_reason(
        string delivery,
        string property,
        string value,
        string said)
    {
        var topic = await shared.Broker.CreateTopicAsync();
        using var job = NewJob(
            topic,
            delivery,
            Enumerable
                .Range(0, 20_000)
                .Select(static number => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{\"sensor\":null,\"value\":{number},\"sentAt\":1700000000000}}")));
        job["Sources:All:Rate"] = "200";
        using var host = job.Build();
        await host.StartAsync();

        // Once a message is there, the sink has requested the properties of the topic, and it does not request them again.
        await PipelineWaiting.UntilAsync(host, _ => shared.Broker.EndOf(topic) > 0);
        await SetAsync(topic, property, value);
        var status = await PipelineWaiting.FailedAsync(host);
        Assert.Contains("Pipeline 'Measures', sink 'All/measures'", status.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(said, status.Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, status.Restarts);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("cleanup.policy", "compact", "{\"sensor\":null,\"value\":700,\"sentAt\":null}", ", a row without a key (message ")]
    [InlineData(
        "message.timestamp.before.max.ms",
        "86400000",
        "{\"sensor\":\"north\",\"value\":700,\"sentAt\":1700000000000}",
        ", the row with the key 'north' (message ")]
    [InlineData("max.message.bytes", "4000", "{\"sensor\":\"LONG\",\"value\":700,\"sentAt\":null}", ", the row with the key 'xxxxxxxxxx")]
    public async Task A_message_that_only_the_broker_refuses_is_found_among_those_of_its_checkpoint(
        string property,
        string value,
        string row,
        string said)
    {
        var topic = await shared.Broker.CreateTopicAsync();
        row = row.Replace("LONG", new string('x', 5000), StringComparison.Ordinal);
        using var job = NewJob(
            topic,
            "ExactlyOnce",
            Enumerable.Range(0, 20_000).Select(number => number == 700
                ? row
                : string.Create(CultureInfo.InvariantCulture, $"{{\"sensor\":\"south\",\"value\":{number},\"sentAt\":null}}")));
        job["Sources:All:Rate"] = "200";
        job["IncludeRowText"] = "true";
        using var host = job.Build();
        await host.StartAsync();

        // The first checkpoint contains the burst of the rate, which must be sent before the limit of the topic is lowered.
        await PipelineWaiting.UntilAsync(host, static status => status.LastCheckpoint != null);
        await SetAsync(topic, property, value);
        var message = (await PipelineWaiting.FailedAsync(host)).Error!.Message;
        Assert.Contains("sink 'All/measures'" + said, message, StringComparison.Ordinal);
        Assert.EndsWith(" The value: {\"value\":700}", message, StringComparison.Ordinal);
        await host.StopAsync();

        // The messages that were sent to find the refused one are not visible.
        var values = shared.Broker.ReadAll(topic).Select(static message => Encoding.UTF8.GetString(message.Message.Value!)).ToList();
        Assert.Equal(Enumerable
            .Range(0, values.Count)
            .Select(static number => string.Create(CultureInfo.InvariantCulture, $"{{\"value\":{number}}}")), values);
        Assert.InRange(values.Count, 20, 700);
    }

    [Fact]
    public async Task A_message_without_a_time_of_its_own_has_the_time_at_which_it_was_sent()
    {
        var topic = await shared.Broker.CreateTopicAsync();
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var job = NewJob(
            topic,
            "ExactlyOnce",
            ["{\"sensor\":null,\"value\":1,\"sentAt\":null}", "{\"sensor\":null,\"value\":2,\"sentAt\":1}"]);
        Assert.Equal(PipelineState.Finished, (await job.RunAsync()).State);
        var times = shared.Broker.ReadAll(topic).Select(static message => message.Message.Timestamp.UnixTimestampMs).ToList();
        Assert.InRange(times[0], before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal(1, times[1]);
    }

    [Theory]
    [InlineData("Fail")]
    [InlineData("Skip")]
    public async Task A_time_beyond_the_calendar_is_a_bad_row(string policy)
    {
        var topic = await PoisonedAsync();
        using var job = NewReadings<Readings>(topic);
        job["Sources:All:OnBadRow"] = policy;
        var status = await job.RunAsync();
        Assert.Equal(0, status.Restarts);
        if (policy == "Fail")
        {
            Assert.Equal(PipelineState.Failed, status.State);
            Assert.Contains(
                $"{topic}/0, offset 1, column 'timestamp': 1755933141855875 ms since 1970 is no time in the years 1 to 9999",
                status.Error!.Message,
                StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal((PipelineState.Finished, 2L, 1L), (status.State, status.Rows, status.Bad));
        }
    }

    [Theory]
    [InlineData("ExactlyOnce")]
    [InlineData("AtLeastOnce")]
    public async Task A_time_beyond_the_calendar_goes_to_the_dead_letters(string delivery)
    {
        var (topic, dead) = (await PoisonedAsync(), await shared.Broker.CreateTopicAsync());
        using var job = NewReadings<DeadReadings>(topic);
        job["Sinks:Dead:Topic"] = dead;
        job["Sinks:Dead:Delivery"] = delivery;
        var status = await job.RunAsync();
        Assert.True(status is { State: PipelineState.Finished, Rows: 2, Bad: 1, Restarts: 0 }, string.Join("\n", job.Logs));
        var letter = Assert.Single(shared.Broker.ReadAll(dead)).Message;
        Assert.Equal("{\"value\":2,\"at\":\"2026-01-01T00:00:00Z\"}", Encoding.UTF8.GetString(letter.Value!));
        Assert.Equal(
            "1755933141855875",
            letter.Headers.TryGetLastBytes("penstock-timestamp", out var time) ? Encoding.UTF8.GetString(time) : null);
    }

    [Theory]
    [InlineData("StartFrom", "StartTimestamp")]
    [InlineData("Until", "UntilTimestamp")]
    public async Task A_time_before_1970_is_refused_where_a_source_is_to_begin_or_to_end(string option, string time)
    {
        using var job = new Job<ClickCopy>("127.0.0.1:1")
        {
            [$"Sources:Clicks:{option}"] = "Timestamp",
            [$"Sources:Clicks:{time}"] = "1969-12-31T23:59:59.999Z"
        };
        var status = await job.RunAsync();
        Assert.Contains(
            $"{time} is '1969-12-31T23:59:59.999Z'; a time since 1970 such as 2026-01-01T00:00:00Z is expected (Penstock:Pipelines:ClickCopy:Sources:Clicks:{time})",
            status.Error!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_leaves_out_the_topics_that_brokers_keep_for_themselves()
    {
        var prefix = await shared.Broker.CreateTopicAsync();
        Produce(shared.Broker, prefix, 3);
        using (var consumer =
            new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = shared.Broker.Address, GroupId = prefix }).Build())
        {
            // Creates the topic of offsets.
            consumer.Commit([new TopicPartitionOffset(prefix, 0, 1)]);
        }

        using var job = new Job<ClickCopy>(shared.Broker.Address)
        {
            ["Sources:Clicks:Topics"] = $"^(__.*|{prefix})$",
            ["Sources:Clicks:Until"] = "Latest",
            ["Sources:Clicks:OnBadRow"] = "Skip"
        };
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "out", "clicks.jsonl");
        var status = await job.RunAsync();
        Assert.Equal((PipelineState.Finished, 3L, 0L), (status.State, status.Rows, status.Bad));

        // A source that names such a topic reads it.
        job["Sources:Clicks:Topics"] = "__consumer_offsets";
        job["Checkpoints:Path"] = Path.Combine(job.Folder, "others");
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "others-out", "clicks.jsonl");
        Assert.InRange((await job.RunAsync()).Bad, 1, long.MaxValue);
    }

    [Theory]
    [InlineData("Client:bootstrap_servers")]
    [InlineData("Client:BOOTSTRAP_SERVERS")]
    public async Task Properties_of_the_client_can_be_set_by_names_that_bash_can_export(string name)
    {
        var topic = await shared.Broker.CreateTopicAsync();
        using var job = new Job<Measures>(null) { ["Sinks:All:Topic"] = topic, ["Sinks:All:Producer:compression_type"] = "gzip" };
        job["Sources:All:Path"] = job.Write("in.jsonl", ["{\"sensor\":null,\"value\":1,\"sentAt\":null}"]);
        job.SetKafka(name, shared.Broker.Address);
        Assert.True((await job.RunAsync()).State == PipelineState.Finished, string.Join("\n", job.Logs));
        Assert.Single(shared.Broker.ReadAll(topic));
    }

    [Fact]
    public async Task A_property_that_is_set_twice_is_named()
    {
        using var job = new Job<ClickCopy>("127.0.0.1:1");
        job.SetKafka("Client:bootstrap_servers", "127.0.0.1:2");
        var message = (await job.RunAsync()).Error!.Message;
        Assert.Contains("Penstock:Kafka:Client:bootstrap.servers", message, StringComparison.Ordinal);
        Assert.Contains("Penstock:Kafka:Client:bootstrap_servers", message, StringComparison.Ordinal);
        Assert.Contains(
            "are the same property of the Kafka client and have different values: remove one",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_have_the_pipeline_the_source_or_sink_and_the_subtask_as_tags()
    {
        var source = new ClientName("Shop", "source", "Orders", 2);
        var sink = new ClientName("Shop", "sink", "Revenue", null);
        var found = new List<(long Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "penstock.kafka.client.sent")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((
            _,
            value,
            tags,
            _) => found.Add((value, string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}")))));
        KafkaMetrics.Take(source, "{\"txmsg_bytes\":17}");
        KafkaMetrics.Take(sink, "{\"txmsg_bytes\":18}");
        listener.Start();
        listener.RecordObservableInstruments();
        KafkaMetrics.Forget(source);
        KafkaMetrics.Forget(sink);
        Assert.Contains((17, "pipeline=Shop source=Orders subtask=2"), found);
        Assert.Contains((18, "pipeline=Shop sink=Revenue"), found);
    }

    private async Task SetAsync(string topic, string property, string value)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shared.Broker.Address }).Build();
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = topic }] = [
                new ConfigEntry { Name = property, Value = value, IncrementalOperation = AlterConfigOpType.Set }
            ],
        });
    }

    private async Task<string> PoisonedAsync()
    {
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["message.timestamp.after.max.ms"] = "9223372036854775807" });
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build();
        foreach (var (value, time) in ((int, long)[])[(1, 1_700_000_000_000), (2, 1_755_933_141_855_875), (3, 1_700_000_000_000)])
        {
            producer.Produce(topic, new Message<Null, string>
            {
                Value = string.Create(CultureInfo.InvariantCulture, $"{{\"value\":{value},\"at\":\"2026-01-01T00:00:00Z\"}}"),
                Timestamp = new Timestamp(time, TimestampType.CreateTime),
            });
        }

        producer.Flush();
        return topic;
    }

    private Job<Measures> NewJob(string topic, string delivery, IEnumerable<string> rows)
    {
        var job = new Job<Measures>(shared.Broker.Address)
        {
            ["Sinks:All:Topic"] = topic,
            ["Sinks:All:Delivery"] = delivery,
            ["Checkpoints:Interval"] = "50ms",
            ["Restart:MaxAttempts"] = "3"
        };
        job["Sources:All:Path"] = job.Write("in.jsonl", rows);
        return job;
    }

    private Job<TPipeline> NewReadings<TPipeline>(string topic)
        where TPipeline : class, Penstock.IPipeline
    {
        var job = new Job<TPipeline>(shared.Broker.Address) { ["Sources:All:Topics"] = topic };
        job["Sinks:All:Path"] = Path.Combine(job.Folder, "out", "rows.jsonl");
        return job;
    }
}
