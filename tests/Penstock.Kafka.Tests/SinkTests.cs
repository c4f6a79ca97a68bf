using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MemoryPack;

namespace Penstock.Kafka.Tests;

/// <summary>The messages that rows become, and when they are visible.</summary>
public sealed class SinkTests(SharedBroker shared)
{
    private static readonly Sale[] Sales =
    [
        new("oslo", 1, "a \"quoted\", text", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), 7, false),
        new("bergen", 2, null, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_456), null, false),
        new("oslo", 3, "æøå", DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_789), 8, true),
    ];

    private string _topic = "";

    [Fact]
    public async Task Json_has_what_is_no_metadata_and_a_tombstone_has_nothing()
    {
        using var job = await NewJobAsync<JsonSales>(Sales.Cast<object>());
        var messages = await RunAndReadAsync(job);

        Assert.Equal(["oslo", "bergen", "oslo"], messages.Select(message => Encoding.UTF8.GetString(message.Message.Key!)));
        Assert.Equal(
            [
                "{\"number\":1,\"remark\":\"a \\\"quoted\\\", text\",\"isGone\":false}",
                "{\"number\":2,\"remark\":null,\"isGone\":false}",
                null
            ],
            messages.Select(message => message.Message.Value == null ? null : Encoding.UTF8.GetString(message.Message.Value)));
        Assert.Equal(
            Sales.Select(sale => sale.At.ToUnixTimeMilliseconds()),
            messages.Select(message => message.Message.Timestamp.UnixTimestampMs));
        Assert.Equal(
            ["7", "", "8"],
            messages.Select(message => message.Message.Headers.TryGetLastBytes("till", out var till) ? Encoding.UTF8.GetString(till) : ""));
    }

    [Fact]
    public async Task Csv_is_one_record_without_a_line_end()
    {
        using var job = await NewJobAsync<CsvSales>(Sales.Cast<object>());
        Assert.Equal(
            ["1,\"a \"\"quoted\"\", text\",false", "2,,false", "3,æøå,true"],
            (await RunAndReadAsync(job)).Select(message => Encoding.UTF8.GetString(message.Message.Value!)));
    }

    [Fact]
    public async Task MemoryPack_is_what_MemoryPack_reads()
    {
        using var job = await NewJobAsync<PackedSales>(Sales.Cast<object>());
        Assert.Equal(Sales, (await RunAndReadAsync(job)).Select(message => MemoryPackSerializer.Deserialize<Sale>(message.Message.Value)));
    }

    [Fact]
    public async Task Raw_is_the_text_as_it_is()
    {
        using var job = await NewJobAsync<RawLines>([new Line("oslo", "a,\"b\""), new Line("bergen", "")]);
        Assert.Equal(["a,\"b\"", ""], (await RunAndReadAsync(job)).Select(message => Encoding.UTF8.GetString(message.Message.Value!)));
    }

    [Fact]
    public async Task Rows_may_be_objects()
    {
        using var job = await NewJobAsync<Notes>([new Line("oslo", "a"), new Line("bergen", "b")]);
        Assert.Equal(
            [("oslo", "a"), ("bergen", "b")],
            (await RunAndReadAsync(job)).Select(message =>
                (Encoding.UTF8.GetString(message.Message.Key!), Encoding.UTF8.GetString(message.Message.Value!))));
    }

    [Fact]
    public async Task Output_of_a_job_is_there_once_however_often_it_is_started()
    {
        var topic = await shared.Broker.CreateTopicAsync(partitions: 3);
        using var job = new Job<JsonSales>(shared.Broker.Address) { ["Sinks:Sales:Topic"] = topic, ["Checkpoints:Interval"] = "20ms" };
        job["Sources:Sales:Path"] = job.Write("in.jsonl", Enumerable
            .Range(0, 5000)
            .Select(number => JsonOf(new Sale("s" + (number % 7), number, null, DateTimeOffset.UnixEpoch.AddSeconds(1), null, false))));
        job["Sources:Sales:Rate"] = "20000";
        for (var start = 0; start < 4; start++)
        {
            using var host = job.Build();
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(60 + (start * 30)));
            var status = (await host.RunPipelinesAsync(stop.Token))[0];
            Assert.Null(status.Error);
        }

        Assert.Equal(PipelineState.Finished, (await job.RunAsync()).State);
        Assert.True((await job.RunAsync()).WasAlreadyFinished);

        var numbers = shared.Broker.ReadAll(topic)
            .Select(message => (Key: Encoding.UTF8.GetString(message.Message.Key!), message.Partition, Number: NumberOf(message)))
            .ToList();
        Assert.Equal(Enumerable.Range(0, 5000), numbers.Select(message => message.Number).Order());

        // The rows of each key are in the order of the input, and in one partition.
        Assert.All(numbers.GroupBy(message => message.Key), static group =>
        {
            Assert.Single(group.Select(message => message.Partition).Distinct());
            Assert.Equal(group.Select(message => message.Number).Order(), group.Select(message => message.Number));
        });
        Assert.Empty(Directory.GetFiles(Path.Combine(job.Folder, "checkpoints"), "sink-*"));
    }

    private static string JsonOf(object row) => row switch
    {
        Sale sale =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"shop\":\"{sale.Shop}\",\"number\":{sale.Number},\"remark\":{System.Text.Json.JsonSerializer.Serialize(sale.Remark)},\"at\":\"{sale.At:O}\",\"till\":{sale.Till?.ToString(CultureInfo.InvariantCulture) ?? "null"},\"isGone\":{(sale.IsGone ? "true" : "false")}}}"),
        Line line => $"{{\"shop\":\"{line.Shop}\",\"text\":{System.Text.Json.JsonSerializer.Serialize(line.Text)}}}",
        _ => throw new ArgumentException("No row of these tests.", nameof(row)),
    };

    private static int NumberOf(ConsumeResult<byte[]?, byte[]?> message) =>
        System.Text.Json.JsonDocument.Parse(message.Message.Value!).RootElement.GetProperty("number").GetInt32();

    private async Task<Job<TPipeline>> NewJobAsync<TPipeline>(IEnumerable<object> rows)
        where TPipeline : class, IPipeline
    {
        var job = new Job<TPipeline>(shared.Broker.Address);
        var source = TPipeline.Plan.Nodes.Single(node => node.Kind == PlanNodeKind.Source).Id;
        var sink = TPipeline.Plan.Nodes.Single(node => node.Kind == PlanNodeKind.Sink).Id;
        job[$"Sources:{source}:Path"] = job.Write("in.jsonl", rows.Select(JsonOf));
        job[$"Sinks:{sink}:Topic"] = _topic = await shared.Broker.CreateTopicAsync();
        return job;
    }

    private async Task<IReadOnlyList<ConsumeResult<byte[]?, byte[]?>>> RunAndReadAsync<TPipeline>(Job<TPipeline> job)
        where TPipeline : class, IPipeline
    {
        var status = await job.RunAsync();
        Assert.True(status.State == PipelineState.Finished, string.Join("\n", job.Logs));
        return shared.Broker.ReadAll(_topic);
    }
}
