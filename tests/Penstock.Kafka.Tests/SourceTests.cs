using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Penstock.Kafka.Tests;

/// <summary>How a source reads topics.</summary>
public sealed class SourceTests(SharedBroker shared)
{
    private const int Rows = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_message_is_counted_once_over_restarts(int partitions)
    {
        var input = await shared.Broker.CreateTopicAsync(partitions);
        var output = await shared.Broker.CreateTopicAsync(2);
        Produce(input, Rows);
        using var job = new Job<ClickCounts>(shared.Broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sinks:Counts:Topic"] = output,
            ["Checkpoints:Interval"] = "20ms"
        };
        job["Sources:Clicks:Until"] = "Latest";
        job["Sources:Clicks:Rate"] = "60000";
        for (var start = 0; start < 3; start++)
        {
            job["Parallelism"] = (start + 1).ToString(CultureInfo.InvariantCulture);
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
            var status = (await job.Build().RunPipelinesAsync(stop.Token))[0];
            Assert.True(status.Error == null, string.Join("\n", job.Logs));
        }

        Assert.Equal(PipelineState.Finished, (await job.RunAsync()).State);

        KafkaTestHelpers.CheckCounts(shared.Broker, output, Rows);
    }

    [Fact]
    public async Task What_stands_beside_the_value_is_there()
    {
        var input = await shared.Broker.CreateTopicAsync(2);
        Produce(input, 100);
        using var job = new Job<ClickCopy>(shared.Broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sources:Clicks:Until"] = "Latest"
        };
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "out", "clicks.jsonl");
        var status = await job.RunAsync();
        Assert.True(status.State == PipelineState.Finished, string.Join("\n", job.Logs));

        var expected = shared.Broker
            .ReadAll(input)
            .Select(static message => (
                Encoding.UTF8.GetString(message.Message.Key!),
                message.Partition.Value,
                message.Offset.Value,
                message.Message.Headers.TryGetLastBytes("trace", out var trace) ? Encoding.UTF8.GetString(trace) : null));
        var rows = Directory.GetFiles(Path.Combine(job.Folder, "out"), "*.jsonl")
            .SelectMany(File.ReadLines)
            .Select(static line => JsonDocument.Parse(line).RootElement);
        Assert.Equal(
            expected.Order(),
            rows
                .Select(static row => (row.GetProperty("user").GetString()!, row
                    .GetProperty("partition")
                    .GetInt32(), row.GetProperty("offset").GetInt64(), row.GetProperty("trace").GetString()))
                .Order());
    }

    private void Produce(string topic, int count)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = shared.Broker.Address }).Build();
        for (var number = 0; number < count; number++)
        {
            producer.Produce(topic, new Message<string, string>
            {
                Key = "u" + (number % 13),
                Value = string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number},\"at\":\"2026-01-01T00:00:00Z\"}}"),
                Headers = number % 2 == 0 ? new Headers { { "trace", Encoding.UTF8.GetBytes("t" + number) } } : null,
            });
        }

        producer.Flush();
    }
}
