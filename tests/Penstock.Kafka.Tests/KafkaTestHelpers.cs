using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>Common steps of tests: produce, wait for a condition, run for a while.</summary>
internal static class KafkaTestHelpers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RetryAsync(Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (KafkaException) when (clock.Elapsed < Patience)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>A job that reads a topic and writes a file.</summary>
    public static Job<TPipeline> FileJob<TPipeline>(Broker broker, string topic, string source = "All")
        where TPipeline : class, Penstock.IPipeline
    {
        var job = new Job<TPipeline>(broker.Address) { [$"Sources:{source}:Topics"] = topic, ["Checkpoints:Interval"] = "50ms" };
        job[$"Sinks:{source}:Path"] = Path.Combine(job.Folder, "out", "rows.jsonl");
        return job;
    }

    /// <summary>A job that reads messages from its own topic and writes a file.</summary>
    public static async Task<(Job<TPipeline> Job, string Topic)> JobOfAsync<TPipeline>(
        Broker broker,
        params (string? Key, string? Value)[] messages)
        where TPipeline : class, Penstock.IPipeline
    {
        var topic = await broker.CreateTopicAsync();
        using var producer = new ProducerBuilder<string?, string?>(new ProducerConfig { BootstrapServers = broker.Address }).Build();
        foreach (var (key, value) in messages)
        {
            await producer.ProduceAsync(topic, new Message<string?, string?> { Key = key, Value = value });
        }

        return (FileJob<TPipeline>(broker, topic), topic);
    }

    public static Task ReachAsync(IHost host, long rows, TimeSpan? patience = null) =>
        PipelineWaiting.UntilAsync(host, status => status.Rows >= rows, patience);

    public static async Task StopAfterAsync<TPipeline>(Job<TPipeline> job, long rows)
        where TPipeline : class, Penstock.IPipeline
    {
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, rows);
        await host.StopAsync();
        var status = host.Services.GetRequiredService<IPipelineMonitor>().GetStatus();
        Assert.True(
            status.State == PipelineState.Stopped && status.Rows == rows,
            $"{status.State} after {status.Rows} rows\n" + string.Join("\n", job.Logs));
    }

    /// <summary>
    /// The counts of a user are one, two, three and so on, and are in one partition in order. So this checks that each is there exactly
    /// once.
    /// </summary>
    public static void CheckCounts(Broker broker, string topic, int rows)
    {
        var counts = broker.ReadAll(topic)
            .Select(static message => (User: Encoding.UTF8.GetString(message.Message.Key!), Count: JsonDocument
                .Parse(message.Message.Value!).RootElement
                .GetProperty("count")
                .GetInt64()))
            .ToList();
        Assert.Equal(rows, counts.Count);
        Assert.All(
            counts.GroupBy(static count => count.User),
            static user => Assert.Equal(
                Enumerable.Range(1, user.Count()).Select(static number => (long)number),
                user.Select(static count => count.Count)));
    }

    public static void Produce(Broker broker, string topic, int count, int partition = 0)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.Address }).Build();
        for (var number = 0; number < count; number++)
        {
            producer.Produce(
                new TopicPartition(topic, partition),
                new Message<string, string>
                {
                    Key = "u" + (number % 3),
                    Value = string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number},\"at\":\"2026-01-01T00:00:00Z\"}}")
                });
        }

        producer.Flush();
    }
}
