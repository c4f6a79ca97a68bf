using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>A row that some messages cannot be converted to.</summary>
public sealed record Weighing(int Value)
{
    public int Value { get; init; } = Value == 13 ? throw new InvalidOperationException("No scale shows 13.") : Value;
}

/// <summary>A row whose members may throw when they are read. Each is written to another part of a message.</summary>
public sealed record Parcel(int Number, string? Broken)
{
    [Metadata("key")]
    public string Shop { get => Checked("key", field); init; } = "a";

    [Metadata("header:till")]
    public int? Till { get => Checked("header", field); init; }

    [Metadata("timestamp")]
    public DateTimeOffset At { get => Checked("timestamp", field); init; } = DateTimeOffset.UnixEpoch;

    public string Remark { get => Checked("value", field); init; } = "";

    public override string ToString() => $"parcel {Number}";

    private T Checked<T>(string part, T value) => Broken == part ? throw new InvalidOperationException($"There is no {part}.") : value;
}

[Pipeline]
public sealed partial class Weighings
{
    [KafkaSource("weighings", Until = KafkaEnd.Latest)]
    [FileSink("out/weighings.jsonl")]
    public partial Stream<Weighing> All { get; }
}

[Pipeline]
public sealed partial class Parcels
{
    [FileSource("in.jsonl")]
    [KafkaSink("parcels")]
    public partial Stream<Parcel> All { get; }
}

/// <summary>
/// If code of a row throws, the error names the place of the row, and the pipeline ends after three failures at the same row.
/// </summary>
public sealed class RowCodeTests(SharedBroker shared)
{
    public static MatrixTheoryData<string, string> Parts => new(["key", "header", "timestamp", "value"], ["ExactlyOnce", "AtLeastOnce"]);

    [Fact]
    public async Task A_constructor_that_throws_names_topic_partition_and_offset()
    {
        var (job, topic) = await JobOfAsync<Weighings>(
            shared.Broker,
            ("a", "{\"value\":11}"),
            ("a", "{\"value\":12}"),
            ("a", "{\"value\":13}"),
            ("a", "{\"value\":14}"));
        using (job)
        {
            job["IncludeRowText"] = "true";
            var status = await job.RunAsync();
            Assert.StartsWith(
                $"PSR404: Pipeline 'Weighings': a row of stream 'All' cannot be made at {topic}/0, offset 2: InvalidOperationException: No scale shows 13. The row: {{\"value\":13}}",
                status.Error!.Message,
                StringComparison.Ordinal);
            CheckEnd(status, "row");
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task A_member_that_throws_names_the_sink_and_the_row(string part, string delivery)
    {
        var topic = await shared.Broker.CreateTopicAsync();
        using var job = new Job<Parcels>(shared.Broker.Address)
        {
            ["Sinks:All:Topic"] = topic,
            ["Sinks:All:Delivery"] = delivery,
            ["IncludeRowText"] = "true"
        };
        job["Sources:All:Path"] = job.Write("in.jsonl", Enumerable.Range(0, 40).Select(number =>
            $"{{\"number\":{number},\"broken\":{(number == 25 ? $"\"{part}\"" : "null")},\"shop\":\"a\",\"till\":1,\"at\":\"2026-01-01T00:00:00Z\",\"remark\":\"\"}}"));
        var status = await job.RunAsync();
        Assert.StartsWith(
            "PSR404: Pipeline 'Parcels': a row cannot be written to sink 'All",
            status.Error!.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            $"': InvalidOperationException: There is no {part}. The row: parcel 25",
            status.Error.Message,
            StringComparison.Ordinal);
        CheckEnd(status, "place");
        if (delivery == "ExactlyOnce")
        {
            Assert.Empty(shared.Broker.ReadAll(topic));
        }
    }

    private static void CheckEnd(PipelineStatus status, string same)
    {
        Assert.Equal((PipelineState.Failed, 2), (status.State, status.Restarts));
        Assert.Contains(
            $"This has failed 3 times in a row at the same {same}, so that a restart would not help.",
            status.Error!.Message,
            StringComparison.Ordinal);
    }
}
