using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Hosting;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.Steps;

namespace Penstock.Kafka.Tests;

/// <summary>Puts poison into topics: each message is one of its own.</summary>
public readonly record struct Reading([property: Metadata("key")] string? Sensor, int Value, DateTimeOffset At, [property: Metadata("timestamp")] DateTimeOffset SentAt);

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

/// <summary>Bad input and bad days: what is said, and what goes on.</summary>
public sealed class TroubleTests(SharedBroker shared)
{
    [Fact]
    public async Task A_poison_message_fails_the_pipeline_with_its_topic_partition_and_offset()
    {
        var (job, topic) = await ReadingsAsync<Readings>(("a", "{\"value\":1,\"at\":\"2026-01-01T00:00:00Z\"}"), ("a", "{\"value\":\"one\",\"at\":\"2026-01-01T00:00:00Z\"}"));
        using (job)
        {
            var status = await job.RunAsync();
            Assert.Equal(PipelineState.Failed, status.State);
            Assert.Contains($"source 'All': {topic}/0, offset 1, column 'value': 'one' is not", status.Error!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Poison_messages_are_skipped_and_counted()
    {
        var (job, _) = await ReadingsAsync<Readings>(("a", "nonsense"), (null, "{\"value\":2,\"at\":\"2026-01-01T00:00:00Z\"}"), ("b", null), ("c", "{\"value\":3,\"at\":\"2026-01-01T00:00:00Z\"}"));
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
        // No UTF-8, longer than the text of a bad row, without a value, with headers of the same name, and dead once before.
        var noText = new byte[] { 0xff, 0x00, 0xfe, 0x0a };
        var veryLong = Encoding.UTF8.GetBytes($"{{\"value\":\"{new string('x', 200_000)}\"}}");
        var sentAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["retention.ms"] = "-1" });
        using (var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build())
        {
            Send("{\"value\":1,\"at\":\"2026-01-01T00:00:00Z\"}"u8.ToArray(), "a"u8.ToArray(), []);
            Send("{\"value\":2}"u8.ToArray(), noText, new Headers { { "trace", "t1"u8.ToArray() }, { "trace", noText }, { "empty", null } });
            Send(null, "b"u8.ToArray(), []);
            Send(noText, null, new Headers { { "penstock-error", "earlier"u8.ToArray() } });
            Send(veryLong, []);
            producer.Flush();

            void Send(byte[]? value, byte[]? key, Headers? headers = null) =>
                producer.Produce(topic, new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers, Timestamp = new Timestamp(sentAt) });
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
        Assert.Equal(Enumerable.Range(1, 4).Select(offset => $"{topic}/0 {offset} 2023-11-14T22:13:20.1230000Z"), letters.Select(static letter => $"{Header(letter, "source")} {Header(letter, "position")} {Header(letter, "timestamp")}"));
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
        Assert.Equal((null, "nonsense", "2"), (letter.Message.Key, Encoding.UTF8.GetString(letter.Message.Value!), Header(letter, "position")));
    }

    [Fact]
    public async Task Times_from_a_skewed_clock_are_what_they_are()
    {
        // A broker refuses times that lie far ahead unless the topic allows them.
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["message.timestamp.after.max.ms"] = "9223372036854775807" });
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build())
        {
            foreach (var time in (DateTime[])[new DateTime(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc)])
            {
                producer.Produce(topic, new Message<Null, string> { Value = "{\"value\":1,\"at\":\"2026-01-01T00:00:00Z\"}", Timestamp = new Timestamp(time) });
            }

            producer.Flush();
        }

        using var job = NewJob<Readings>(topic);
        Assert.Equal(PipelineState.Finished, (await job.RunAsync()).State);
        var rows = Directory.GetFiles(Path.Combine(job.Folder, "out")).SelectMany(File.ReadLines).ToList();
        Assert.Equal(["1971-01-01T00:00:00Z", "2200-01-01T00:00:00Z"], rows.Select(static row => System.Text.Json.JsonDocument.Parse(row).RootElement.GetProperty("sentAt").GetString()));
    }

    [Fact]
    public async Task An_unknown_topic_is_named()
    {
        using var source = NewJob<Readings>("no-such-topic");
        var status = await source.RunAsync();
        Assert.Contains("The topic 'no-such-topic' does not exist. Create it, or correct its name.", status.Error!.Message, StringComparison.Ordinal);

        using var sink = new Job<JsonSales>(shared.Broker.Address) { ["Sinks:Sales:Topic"] = "no-such-topic" };
        sink["Sources:Sales:Path"] = sink.Write("in.jsonl", []);
        Assert.Contains("The topic 'no-such-topic' does not exist.", (await sink.RunAsync()).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AtLeastOnce")]
    [InlineData("ExactlyOnce")]
    public async Task A_message_that_is_too_long_is_found_when_it_is_written(string delivery)
    {
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["max.message.bytes"] = "2000" });
        using var job = new Job<JsonSales>(shared.Broker.Address) { ["Sinks:Sales:Topic"] = topic, ["Sinks:Sales:Delivery"] = delivery };
        job["Sources:Sales:Path"] = job.Write("in.jsonl", [$"{{\"shop\":\"a\",\"number\":1,\"remark\":\"{new string('x', 3000)}\",\"at\":\"2026-01-01T00:00:00Z\",\"till\":null,\"isGone\":false}}"]);
        var status = await job.RunAsync();
        Assert.Contains($"is too long for topic '{topic}': max.message.bytes of the topic allows 2000", status.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(shared.Broker.ReadAll(topic));
    }

    [Fact]
    public async Task What_retention_has_taken_is_reported_and_never_skipped_silently()
    {
        var topic = await shared.Broker.CreateTopicAsync();
        Produce(topic, 10);
        using var job = NewJob<ClickCopy>(topic, "Clicks");
        job["Sources:Clicks:Until"] = "Never";
        await StopAfterAsync(job, rows: 10);

        Produce(topic, 10);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shared.Broker.Address }).Build())
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 15)]);
        }

        var status = await job.RunAsync();
        Assert.Contains($"partition 0 of topic '{topic}' is to be read from offset 10, but has the offsets 15 to 20: the broker has deleted the messages between (retention)", status.Error!.Message, StringComparison.Ordinal);

        job["Sources:Clicks:OnDataLoss"] = "GoOn";
        await StopAfterAsync(job, rows: 15);
        Assert.Contains(job.Logs, static log => log.Contains("It goes on at offset 15", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Fail")]
    [InlineData("GoOn")]
    public async Task What_retention_takes_from_a_source_that_lags_is_reported_while_it_runs(string onDataLoss)
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var network = new Network();
        await using var broker = await Broker.StartAsync(network.Properties);
        var topic = await broker.CreateTopicAsync();
        Steps.Produce(broker, topic, 10);
        using var job = new Job<ClickCopy>(network.Address) { ["Sources:Clicks:Topics"] = topic, ["Sources:Clicks:OnDataLoss"] = onDataLoss };
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "out", "rows.jsonl");
        job.SetKafka("Client:reconnect.backoff.max.ms", "200");
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 10);

        // It is cut off, and so lags behind what comes and goes in the meantime.
        network.Cut();
        Steps.Produce(broker, topic, 10);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Address }).Build())
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 15)]);
        }

        network.Heal();
        const string Lost = "is to be read from offset 10, but has the offsets 15 to 20: the broker has deleted the messages between (retention)";
        if (onDataLoss == "Fail")
        {
            var status = await PipelineWaiting.FailedAsync(host);
            Assert.Contains($"partition 0 of topic '{topic}' " + Lost, status.Error!.Message, StringComparison.Ordinal);
        }
        else
        {
            await ReachAsync(host, 15);
            await host.StopAsync();
            var status = host.Services.GetRequiredService<IPipelineMonitor>().GetStatus();
            Assert.True(status.State == PipelineState.Stopped && job.Has(Lost) && job.Has("It goes on at offset 15"), string.Join("\n", job.Logs));
            var offsets = Directory.GetFiles(Path.Combine(job.Folder, "out"), "*.jsonl").SelectMany(File.ReadLines).Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("offset").GetInt64());
            Assert.Equal([.. Enumerable.Range(0, 10).Select(static offset => (long)offset), 15, 16, 17, 18, 19], offsets.Order());
        }
    }

    [Fact]
    public async Task A_topic_that_was_deleted_and_created_anew_is_another_one()
    {
        var topic = await shared.Broker.CreateTopicAsync();
        Produce(topic, 10);
        using var job = NewJob<ClickCopy>(topic, "Clicks");
        await StopAfterAsync(job, rows: 10);

        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shared.Broker.Address }).Build())
        {
            await admin.DeleteTopicsAsync([topic]);
            await RetryAsync(() => admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]));
        }

        Produce(topic, 20);
        Assert.Contains($"The data of source 'Clicks' in '{topic}/0' has changed since the checkpoint was taken", (await job.RunAsync()).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_partitions_are_read_from_their_beginning_while_the_pipeline_runs()
    {
        var topic = await shared.Broker.CreateTopicAsync();
        Produce(topic, 10);
        using var job = NewJob<ClickCopy>(topic, "Clicks");
        job["Sources:Clicks:DiscoveryInterval"] = "50ms";
        job["Parallelism"] = "2";
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 10);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shared.Broker.Address }).Build())
        {
            await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 3 }]);
        }

        await RetryAsync(() =>
        {
            Produce(topic, 5, partition: 2);
            return Task.CompletedTask;
        });

        // By default the client looks at its topics every five minutes.
        await ReachAsync(host, 15, patience: TimeSpan.FromSeconds(30));
        await host.StopAsync();

        // And what came while nothing ran.
        Produce(topic, 5, partition: 1);
        await StopAfterAsync(job, rows: 20);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_waited_for()
    {
        using var job = new Job<ClickCopy>($"127.0.0.1:{FreePort.Find()}");
        job["Restart:MaxAttempts"] = "1";
        job.SetKafka("Client:socket.connection.setup.timeout.ms", "1000");
        using var host = job.Build();
        await host.StartAsync();
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
        await PipelineWaiting.UntilAsync(host, static status => status.Error != null);
        Assert.Contains("does not answer", monitor.GetStatus().Error!.Message, StringComparison.Ordinal);
        Assert.Contains("Is a broker running there, can this machine reach it, and is it of the security.protocol that the client is set to?", monitor.GetStatus().Error!.Message, StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_broker_that_goes_and_comes_back_holds_a_pipeline_up_and_loses_nothing()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        var input = await broker.CreateTopicAsync();
        var output = await broker.CreateTopicAsync();
        using var job = new Job<ClickCounts>(broker.Address) { ["Sources:Clicks:Topics"] = input, ["Sinks:Counts:Topic"] = output, ["Checkpoints:Interval"] = "50ms" };
        using var host = job.Build();
        await host.StartAsync();
        Steps.Produce(broker, input, 100);
        await ReachAsync(host, 100);
        broker.Kill();
        await PipelineWaiting.UntilAsync(host, _ => job.Has("no broker answers"));
        await broker.RestartAsync();
        Steps.Produce(broker, input, 100);
        await ReachAsync(host, 200);
        await host.StopAsync();

        Assert.Equal(0, host.Services.GetRequiredService<IPipelineMonitor>().GetStatus().Restarts);
        Assert.True(broker.ReadAll(output).Count == 200, string.Join("\n", job.Logs));
    }

    [Fact]
    public async Task A_pipeline_stops_while_its_sink_waits_for_a_broker_that_is_gone()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        using var job = new Job<JsonSales>(broker.Address) { ["Sinks:Sales:Topic"] = await broker.CreateTopicAsync(), ["Sinks:Sales:Delivery"] = "AtLeastOnce", ["ShutdownTimeout"] = "1s", ["Sources:Sales:Rate"] = "2000" };
        job.SetKafka("Producer:queue.buffering.max.messages", "10");
        job["Sources:Sales:Path"] = job.Write("in.jsonl", Enumerable.Range(0, 100_000).Select(static number => $"{{\"shop\":\"a\",\"number\":{number},\"remark\":null,\"at\":\"2026-01-01T00:00:00Z\",\"till\":null,\"isGone\":false}}"));
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 100);
        broker.Kill();
        await PipelineWaiting.UntilAsync(host, _ => job.Has("no broker answers"));

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, host.Services.GetRequiredService<IPipelineMonitor>().GetStatus().State);
    }

    [Fact]
    public async Task What_the_engine_relies_on_cannot_be_configured_away()
    {
        using var job = NewJob<ClickCopy>(await shared.Broker.CreateTopicAsync(), "Clicks");
        job["Sources:Clicks:Until"] = "Latest";
        job["Sources:Clicks:Consumer:enable.auto.commit"] = "true";
        Assert.Contains("the property 'enable.auto.commit' of its Consumer is set to 'true', but Penstock relies on 'false'. Leave it out.", (await job.RunAsync()).Error!.Message, StringComparison.Ordinal);

        job["Sources:Clicks:Consumer:enable.auto.commit"] = null;
        job["Sources:Clicks:Consumer:no.such.property"] = "1";
        Assert.Contains("No such configuration property: \"no.such.property\"", (await job.RunAsync()).Error!.Message, StringComparison.Ordinal);

        job["Sources:Clicks:Consumer:no.such.property"] = null;
        job["Sources:Clicks:Topic"] = "misspelt";
        Assert.Contains("Sources:Clicks:Topic is not an option of this source", (await job.RunAsync()).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Poll", "5s")]
    [InlineData("MultiLine", "false")]
    public async Task An_option_of_files_is_none_of_a_topic(string option, string value)
    {
        using var job = new Job<ClickCopy>($"127.0.0.1:{FreePort.Find()}");
        job["Sources:Clicks:" + option] = value;
        var status = await job.RunAsync();
        Assert.Contains("Sources:Clicks:Poll and Sources:Clicks:MultiLine are options of sources of files, and 'Clicks' reads none. Remove them.", status.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_without_a_broker_says_which_setting_is_missing()
    {
        using var job = new Job<ClickCopy>(null);
        Assert.Contains("names no broker. Set Penstock:Kafka:Client:bootstrap.servers", (await job.RunAsync()).Error!.Message, StringComparison.Ordinal);
    }

    private static string Header(ConsumeResult<byte[]?, byte[]?> message, string name) =>
        message.Message.Headers.TryGetLastBytes("penstock-" + name, out var bytes) ? Encoding.UTF8.GetString(bytes) : "";

    private void Produce(string topic, int count, int partition = 0) => Steps.Produce(shared.Broker, topic, count, partition);

    private Job<TPipeline> NewJob<TPipeline>(string topic, string source = "All")
        where TPipeline : class, Penstock.Tasks.IPipeline
    {
        var job = new Job<TPipeline>(shared.Broker.Address) { [$"Sources:{source}:Topics"] = topic, ["Checkpoints:Interval"] = "50ms" };
        job[$"Sinks:{source}:Path"] = Path.Combine(job.Folder, "out", "rows.jsonl");
        return job;
    }

    private async Task<(Job<TPipeline> Job, string Topic)> ReadingsAsync<TPipeline>(params (string? Key, string? Value)[] messages)
        where TPipeline : class, Penstock.Tasks.IPipeline
    {
        var topic = await shared.Broker.CreateTopicAsync();
        using var producer = new ProducerBuilder<string?, string?>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build();
        foreach (var (key, value) in messages)
        {
            await producer.ProduceAsync(topic, new Message<string?, string?> { Key = key, Value = value });
        }

        return (NewJob<TPipeline>(topic), topic);
    }
}
