using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>Where the reading of topics begins and ends, and which messages are read.</summary>
public sealed class SourceBoundsTests(SharedBroker shared)
{
    private const int Messages = 10;

    [Theory]
    [InlineData("Earliest", null, null, 0)]
    [InlineData("Latest", null, null, 10)]
    [InlineData("Offsets", "StartOffsets", "0:7", 7)]
    [InlineData("Timestamp", "StartTimestamp", "1970-01-01T00:16:45Z", 5)]
    [InlineData("Timestamp", "StartTimestamp", "2100-01-01T00:00:00Z", 10)]
    [InlineData("Group", null, null, 4)]
    [InlineData("Group", "GroupId", "nobody-has-read-with-it", 0)]
    public async Task A_new_job_begins_at_the_configured_position(string start, string? option, string? value, int first)
    {
        using var job = NewJob(await TimedTopicAsync());
        job["Sources:Clicks:StartFrom"] = start;
        if (option != null)
        {
            job["Sources:Clicks:" + option] = value;
        }

        await FinishAsync(job);
        Assert.Equal(Enumerable.Range(first, Messages - first).Select(static offset => (long)offset), OffsetsOf(job));
    }

    [Theory]
    [InlineData("Offsets", "UntilOffsets", "0:6", 6)]
    [InlineData("Timestamp", "UntilTimestamp", "1970-01-01T00:16:43Z", 3)]
    [InlineData("Timestamp", "UntilTimestamp", "2100-01-01T00:00:00Z", 10)]
    [InlineData("Latest", null, null, 10)]
    public async Task A_bounded_job_ends_at_the_configured_position(string until, string? option, string? value, int end)
    {
        using var job = NewJob(await TimedTopicAsync());
        job["Sources:Clicks:Until"] = until;
        if (option != null)
        {
            job["Sources:Clicks:" + option] = value;
        }

        await FinishAsync(job);
        Assert.Equal(Enumerable.Range(0, end).Select(static offset => (long)offset), OffsetsOf(job));
    }

    [Theory]
    [InlineData("StartFrom", "Offsets", "StartOffsets", "zero:1", "StartOffsets has 'zero:1'; a partition and its offset such as 0:100")]
    [InlineData("StartFrom", "Offsets", "StartOffsets", "0:1, 0:2", "StartOffsets has '0:2'")]
    [InlineData("StartFrom", "Offsets", "StartOffsets", "", "StartOffsets is not set")]
    [InlineData("StartFrom", "Offsets", "StartOffsets", "0:11", "is to be read from offset 11, but has the offsets 0 to 10")]
    [InlineData(
        "Until",
        "Timestamp",
        "UntilTimestamp",
        "soon",
        "UntilTimestamp is 'soon'; a time since 1970 such as 2026-01-01T00:00:00Z is expected")]
    [InlineData(
        "Until",
        "Sometime",
        "GroupId",
        "g",
        "Sources:Clicks:Until is 'Sometime'; one of Never, Latest, Timestamp, Offsets is expected")]
    [InlineData("Topics", "^(", "GroupId", "g", "'^(' is not a valid regular expression for topics")]
    public async Task What_is_no_place_in_a_topic_is_refused(string option, string value, string other, string otherValue, string message)
    {
        using var job = NewJob(await TimedTopicAsync());
        job["Sources:Clicks:" + option] = value;
        job["Sources:Clicks:" + other] = otherValue;
        Assert.Contains(message, (await job.RunAsync()).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Timestamp",
        "Timestamp",
        "1970-01-01T00:16:45Z",
        "1970-01-01T00:16:45Z",
        "UntilTimestamp '1970-01-01T00:16:45Z' is not after StartTimestamp '1970-01-01T00:16:45Z'")]
    [InlineData(
        "Offsets",
        "Offsets",
        "0:7",
        "0:6",
        "UntilOffsets ends partition 0 of topic 'TOPIC' at 6, before StartOffsets begins it at 7")]
    [InlineData("Offsets", "Offsets", "0:7", "0:7", null)]
    public async Task An_end_before_the_start_is_refused(string start, string end, string startValue, string endValue, string? message)
    {
        var topic = await TimedTopicAsync();
        using var job = NewJob(topic);
        job["Sources:Clicks:StartFrom"] = start;
        job["Sources:Clicks:Until"] = end;
        job["Sources:Clicks:Start" + start] = startValue;
        job["Sources:Clicks:Until" + end] = endValue;
        if (message == null)
        {
            await FinishAsync(job);
            Assert.Empty(OffsetsOf(job));
        }
        else
        {
            Assert.Contains(
                message.Replace("TOPIC", topic, StringComparison.Ordinal),
                (await job.RunAsync()).Error!.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_end_of_a_bounded_job_stays_where_it_was_at_its_first_start()
    {
        var topic = await shared.Broker.CreateTopicAsync();
        Produce(shared.Broker, topic, 200);
        using var job = NewJob(topic);
        job["Sources:Clicks:Rate"] = "20";
        using (var host = job.Build())
        {
            await host.StartAsync();
            await ReachAsync(host, 10);
            await host.StopAsync();
        }

        var before = OffsetsOf(job).Count();
        Assert.InRange(before, 10, 199);
        Produce(shared.Broker, topic, 50);
        job["Sources:Clicks:Rate"] = "1000000";
        await FinishAsync(job);
        Assert.Equal(Enumerable.Range(0, 200).Select(static offset => (long)offset), OffsetsOf(job));

        // It stays finished, even if messages arrive.
        Assert.True((await job.RunAsync()).WasAlreadyFinished);
    }

    [Fact]
    public async Task Aborted_transactions_are_never_read_and_do_not_delay_the_end()
    {
        var topic = await shared.Broker.CreateTopicAsync();
        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = shared.Broker.Address,
            TransactionalId = topic
        }).Build())
        {
            producer.InitTransactions(TimeSpan.FromSeconds(30));
            foreach (var (first, count, isCommitted) in (ReadOnlySpan<(int, int, bool)>)[
                (0, 5, true),
                (100, 5, false),
                (5, 3, true),
                (200, 4, false)
            ])
            {
                producer.BeginTransaction();
                for (var number = first; number < first + count; number++)
                {
                    producer.Produce(topic, new Message<string, string> { Key = "u", Value = Value(number) });
                }

                if (isCommitted)
                {
                    producer.CommitTransaction();
                }
                else
                {
                    producer.Flush();
                    producer.AbortTransaction();
                }
            }
        }

        using var job = NewJob(topic);
        await FinishAsync(job);
        Assert.Equal(Enumerable.Range(0, 8), Rows(job).Select(static row => row.GetProperty("number").GetInt32()));

        // A consumer that requests them receives them.
        using var all = NewJob(topic);
        all["Sources:Clicks:Consumer:isolation.level"] = "read_uncommitted";
        await FinishAsync(all);
        Assert.Equal(17, Rows(all).Count());
    }

    [Fact]
    public async Task Offsets_of_checkpoints_are_committed_to_the_group_where_that_is_wanted()
    {
        var topic = await shared.Broker.CreateTopicAsync(2);
        Produce(shared.Broker, topic, 7);
        using var job = NewJob(topic);
        job["Sources:Clicks:Until"] = "Never";
        job["Sources:Clicks:CommitOffsets"] = "true";
        job["Sources:Clicks:GroupId"] = "monitored-" + topic;
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 7);
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = shared.Broker.Address,
            GroupId = "monitored-" + topic
        }).Build();
        await PipelineWaiting.UntilAsync(
            host,
            _ => consumer.Committed([new TopicPartition(topic, 0)], TimeSpan.FromSeconds(10))[0].Offset == 7);
        await host.StopAsync();
    }

    [Fact]
    public async Task Topics_of_a_pattern_are_read_and_so_are_those_that_come()
    {
        var prefix = await shared.Broker.CreateTopicAsync();
        Produce(shared.Broker, prefix, 3);
        using var job = NewJob($"^{prefix}");
        job["Sources:Clicks:Until"] = "Never";
        job["Sources:Clicks:DiscoveryInterval"] = "50ms";
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 3);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shared.Broker.Address }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = prefix + "-more", NumPartitions = 2, ReplicationFactor = 1 }]);
        await RetryAsync(() =>
        {
            Produce(shared.Broker, prefix + "-more", 4, partition: 1);
            return Task.CompletedTask;
        });
        await ReachAsync(host, 7);
        await host.StopAsync();
        Assert.Equal([0L, 0, 1, 1, 2, 2, 3], OffsetsOf(job).Order());
    }

    [Theory]
    [InlineData("Never", "200ms", false)]
    [InlineData("Offsets", "200ms", false)]
    [InlineData("Never", "200ms", true)]
    public async Task A_topic_that_is_deleted_while_it_is_read_is_named(string until, string interval, bool isPattern)
    {
        var topic = await shared.Broker.CreateTopicAsync();
        Produce(shared.Broker, topic, 3);
        using var job = NewJob(isPattern ? "^" + topic : topic);
        job["Sources:Clicks:Until"] = until;
        job["Sources:Clicks:UntilOffsets"] = "0:1000";
        job["Sources:Clicks:DiscoveryInterval"] = interval;
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 3);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shared.Broker.Address }).Build();
        await admin.DeleteTopicsAsync([topic]);
        var status = await PipelineWaiting.FailedAsync(host);
        Assert.Contains(
            isPattern ? $"'{topic}/0' no longer exists" : $"The topic '{topic}' does not exist. Create it, or correct its name.",
            status.Error!.Message,
            StringComparison.Ordinal);
    }

    private static string Value(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number},\"at\":\"2026-01-01T00:00:00Z\"}}");

    private static async Task FinishAsync(Job<ClickCopy> job)
    {
        var status = await job.RunAsync();
        Assert.True(status.State == PipelineState.Finished, string.Join("\n", job.Logs));
    }

    private static IEnumerable<JsonElement> Rows(Job<ClickCopy> job) => Directory.Exists(Path.Combine(job.Folder, "out"))
        ? Directory.GetFiles(Path.Combine(job.Folder, "out"), "*.jsonl")
            .SelectMany(File.ReadLines)
            .Select(static line => JsonDocument.Parse(line).RootElement)
        : [];

    private static IEnumerable<long> OffsetsOf(Job<ClickCopy> job) =>
        Rows(job).Select(static row => row.GetProperty("offset").GetInt64()).Order();

    // One message per second, with the times a little earlier (not at 0, which means "now" to the client), of which a group has read four.
    private async Task<string> TimedTopicAsync()
    {
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["retention.ms"] = "-1" });
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build();
        for (var number = 0; number < Messages; number++)
        {
            producer.Produce(
                topic,
                new Message<string, string>
                {
                    Key = "u",
                    Value = Value(number),
                    Timestamp = new Timestamp((number + 1000) * 1000L, TimestampType.CreateTime)
                });
        }

        producer.Flush();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = shared.Broker.Address,
            GroupId = "group-" + topic
        }).Build();
        consumer.Commit([new TopicPartitionOffset(topic, 0, 4)]);
        return topic;
    }

    private Job<ClickCopy> NewJob(string topic)
    {
        var job = new Job<ClickCopy>(shared.Broker.Address)
        {
            ["Sources:Clicks:Topics"] = topic,
            ["Sources:Clicks:Until"] = "Latest",
            ["Checkpoints:Interval"] = "50ms"
        };
        job["Sources:Clicks:GroupId"] = "group-" + topic;
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "out", "clicks.jsonl");
        return job;
    }
}
