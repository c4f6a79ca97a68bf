using System.Text.Json;
using Confluent.Kafka;
using Penstock.Kafka.Sources;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>Tests with the mock cluster of the client, which need no broker.</summary>
public sealed class MockClusterTests : IDisposable
{
    private readonly MockCluster _cluster = new();

    [Fact]
    public async Task Messages_are_read_once_over_restarts()
    {
        _cluster.Produce("clicks", 500);
        using var job = new Job<ClickCopy>(_cluster.Address)
        {
            ["Sources:Clicks:Until"] = "Latest",
            ["Checkpoints:Interval"] = "20ms",
            ["Sources:Clicks:Rate"] = "2000"
        };
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "out", "clicks.jsonl");
        using (var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
        {
            Assert.Null((await job.Build().RunPipelinesAsync(stop.Token))[0].Error);
        }

        job["Parallelism"] = "2";
        Assert.True((await job.RunAsync()).State == PipelineState.Finished, string.Join("\n", job.Logs));
        var rows = Directory.GetFiles(Path.Combine(job.Folder, "out"), "*.jsonl")
            .SelectMany(File.ReadLines)
            .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt32());
        Assert.Equal(Enumerable.Range(0, 500), rows.Order());
    }

    [Fact]
    public async Task A_wait_for_a_pipeline_that_has_failed_fails_at_once_with_its_error()
    {
        using var job = new Job<ClickCopy>(null);
        using var host = job.Build();
        await host.StartAsync();
        var error =
            await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => PipelineWaiting.UntilAsync(host, static status => status.Rows > 0));
        Assert.Contains("names no broker", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.TopicAuthorizationFailed, "Allow the user of this client to read the topic 'clicks': the operation Read.")]
    [InlineData(
        ErrorCode.GroupAuthorizationFailed,
        "Allow the user of this client to read the consumer group 'counters': the operation Read.")]
    [InlineData(
        ErrorCode.SaslAuthenticationFailed,
        "The broker does not accept the user: correct sasl.username, sasl.password and sasl.mechanism of the client")]
    [InlineData(ErrorCode.UnknownTopicOrPart, "The topic 'clicks' does not exist.")]
    public void What_does_not_pass_by_itself_says_what_to_do(ErrorCode code, string remedy)
    {
        var error = KafkaErrors.Explain(
            new KafkaException(code),
            new KafkaErrorContext("Pipeline 'ClickCopy', source 'Clicks'", "Kafka at 'here'", "clicks", "counters", IsSink: false));
        Assert.StartsWith(
            "PSR2006: Pipeline 'ClickCopy', source 'Clicks': ",
            Assert.IsType<PipelineException>(error).Message,
            StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_has_space_for_every_partition_that_is_checked_when_the_brokers_are_back()
    {
        var block = new MessageBlock();
        var count = 0;
        for (; !block.IsFull; count++)
        {
            block.Add().Offset = count;
        }

        block.Add().Offset = count;
        Assert.Equal(count + 1, block.Count);
        for (; block.At < block.Count; block.At++)
        {
            Assert.Equal(block.At, block.Current.Offset);
        }
    }

    public void Dispose() => _cluster.Dispose();
}
