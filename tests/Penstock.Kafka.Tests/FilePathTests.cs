using System.Text.Json;
using Confluent.Kafka;

namespace Penstock.Kafka.Tests;

public readonly record struct Part(string Name, int Count, string? Remark = null);

/// <summary>Files whose paths may be topics.</summary>
[Pipeline]
public sealed partial class PartCopy
{
    [FileSource("parts.csv", Delimiter = ';', MultiLine = false, SplitSize = "1MB", OnBadRow = BadRowPolicy.Skip)]
    [FileSink("out/parts.jsonl", RollSize = "1MB")]
    public partial Stream<Part> All { get; }
}

/// <summary>Topics in place of files: which settings of the files apply to messages.</summary>
public sealed class FilePathTests : IDisposable
{
    private readonly MockCluster _cluster = new();

    [Fact]
    public async Task Messages_have_the_delimiter_of_the_files()
    {
        _cluster.Produce(new TopicPartition("parts", 0), "bolt;1;", "\"nut;\"\"M4\"\"\";2;x,y", "rod;3\r\n", "plate,round;4;");
        using var job = Job();
        job["Sources:All:Path"] = $"kafka://{_cluster.Address}/parts";
        job["Sinks:All:Path"] = Path.Combine(job.Folder, "out", "parts.jsonl");
        var status = await job.RunAsync();
        Assert.Equal((PipelineState.Finished, 4L, 0L), (status.State, status.Rows, status.Bad));
        Assert.Equal(
            [new Part("bolt", 1), new Part("nut;\"M4\"", 2, "x,y"), new Part("rod", 3), new Part("plate,round", 4)],
            Directory.GetFiles(Path.Combine(job.Folder, "out"), "*.jsonl")
                .SelectMany(File.ReadLines)
                .Select(static line => JsonSerializer.Deserialize<Part>(line, JsonSerializerOptions.Web)));
    }

    [Theory]
    [InlineData("SplitSize", "64KB")]
    [InlineData("MultiLine", "false")]
    [InlineData("Poll", "10s")]
    [InlineData("SkipFiles", "a.csv")]
    public async Task An_option_of_files_that_is_configured_for_a_topic_is_refused(string option, string value)
    {
        using var job = Job();
        job["Sources:All:Path"] = $"kafka://{_cluster.Address}/parts";
        job["Sources:All:" + option] = value;
        job["Sinks:All:Path"] = Path.Combine(job.Folder, "out", "parts.jsonl");
        Assert.StartsWith(
            $"PSR102: The configuration of pipeline 'PartCopy' is wrong: Sources:All:{option} is an option of sources of files, and 'All' reads none. Remove it.",
            (await job.RunAsync()).Error!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_of_part_files_that_is_configured_for_a_topic_is_refused()
    {
        using var job = Job();
        job["Sources:All:Until"] = null;
        job["Sources:All:Path"] = job.Write("parts.csv", ["name;count;remark"]);
        job["Sinks:All:Path"] = $"kafka://{_cluster.Address}/out";
        job["Sinks:All:RollSize"] = "64KB";
        Assert.StartsWith(
            "PSR102: The configuration of pipeline 'PartCopy' is wrong: Sinks:All:RollSize is an option of sinks of files, and 'All/out/parts.jsonl' writes none. Remove it.",
            (await job.RunAsync()).Error!.Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _cluster.Dispose();

    private static Job<PartCopy> Job() => new(null)
    {
        ["Sources:All:Until"] = "Latest",
        Configure = static builder => builder.AddPenstockKafka()
    };
}
