using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>Topics that change while they are read, or between runs: retention, partitions, recreated topics.</summary>
public sealed class TopicChangeTests(SharedBroker shared)
{
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
        Assert.Contains(
            $"partition 0 of topic '{topic}' is to be read from offset 10, but has the offsets 15 to 20: the broker has deleted the messages between (retention)",
            status.Error!.Message,
            StringComparison.Ordinal);

        job["Sources:Clicks:OnDataLoss"] = "GoOn";
        await StopAfterAsync(job, rows: 15);
        Assert.Contains(job.Logs, static log => log.Contains("It resumes at offset 15", StringComparison.Ordinal));
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
        KafkaTestHelpers.Produce(broker, topic, 10);
        using var job = new Job<ClickCopy>(network.Address)
        {
            ["Sources:Clicks:Topics"] = topic,
            ["Sources:Clicks:OnDataLoss"] = onDataLoss
        };
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "out", "rows.jsonl");
        job.SetKafka("Client:reconnect.backoff.max.ms", "200");
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 10);

        // It is cut off, so it has not read what is added and deleted meanwhile.
        network.Cut();
        KafkaTestHelpers.Produce(broker, topic, 10);
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Address }).Build())
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 15)]);
        }

        network.Heal();
        const string Lost =
            "is to be read from offset 10, but has the offsets 15 to 20: the broker has deleted the messages between (retention)";
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
            Assert.True(
                status.State == PipelineState.Stopped && job.Has(Lost) && job.Has("It resumes at offset 15"),
                string.Join("\n", job.Logs));
            var offsets = Directory.GetFiles(Path.Combine(job.Folder, "out"), "*.jsonl")
                .SelectMany(File.ReadLines)
                .Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("offset").GetInt64());
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
            await RetryAsync(() =>
                admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]));
        }

        Produce(topic, 20);
        Assert.Contains(
            $"The data of source 'Clicks' in '{topic}/0' has changed since the checkpoint was taken",
            (await job.RunAsync()).Error!.Message,
            StringComparison.Ordinal);
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

        // By default the client refreshes its topics every five minutes.
        await ReachAsync(host, 15, patience: TimeSpan.FromSeconds(30));
        await host.StopAsync();

        // And the messages that arrived while nothing ran.
        Produce(topic, 5, partition: 1);
        await StopAfterAsync(job, rows: 20);
    }

    private void Produce(string topic, int count, int partition = 0) => KafkaTestHelpers.Produce(shared.Broker, topic, count, partition);

    private Job<TPipeline> NewJob<TPipeline>(string topic, string source = "All")
        where TPipeline : class, Penstock.IPipeline => FileJob<TPipeline>(shared.Broker, topic, source);
}
