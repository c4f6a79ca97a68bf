using System.Diagnostics;
using System.Text;
using Penstock.Benchmarks.Kafka;
using Penstock.Tests;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>The samples as processes: the same output from files and from topics.</summary>
public sealed class SampleTests(SharedBroker shared) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-samples-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Clicks_count_the_same_from_a_folder_and_from_a_topic(int parallelism)
    {
        var clicks = Path.Combine(RepositoryFolder.Path, "samples", "ClickCounts", "clicks.csv");
        var input = await shared.Broker.CreateTopicAsync(3);
        var output = await shared.Broker.CreateTopicAsync(2);
        await RunAsync("Replay", clicks, Location(input), "--key", "user");
        await RunAsync("ClickCounts", "--checkpoints", Path.Combine(_folder, "a"), "--output", Path.Combine(_folder, "counts.jsonl"));
        await RunAsync(
            "ClickCounts",
            "--checkpoints",
            Path.Combine(_folder, "b"),
            "--input",
            Location(input),
            "--output",
            Location(output),
            "--parallelism",
            $"{parallelism}");

        var fromFile = Directory.GetFiles(_folder, "counts-*.jsonl").SelectMany(File.ReadLines).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(fromFile);
        Assert.Equal(fromFile, Texts(output));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Clicks_count_the_same_from_a_folder_from_objects_and_from_a_topic(int parallelism)
    {
        await using var server = await S3Server.StartAsync();
        await server.CreateBucketAsync("clicks");
        using var client = server.Client();
        var lines = File.ReadAllLines(Path.Combine(RepositoryFolder.Path, "samples", "ClickCounts", "clicks.csv"));
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        var topic = await shared.Broker.CreateTopicAsync(3);
        foreach (var (number, rows) in lines.Skip(1).Chunk((lines.Length / 3) + 1).Index())
        {
            var file = Path.Combine(_folder, "in", $"{number}.csv");
            File.WriteAllLines(file, [lines[0], .. rows]);
            await client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest
            {
                BucketName = "clicks",
                Key = $"in/{number}.csv",
                FilePath = file
            });
            await RunAsync("Replay", file, Location(topic), "--key", "user");
        }

        var output = await shared.Broker.CreateTopicAsync(2);
        await CountAsync("files", Path.Combine(_folder, "in"), Path.Combine(_folder, "counts.jsonl"));
        await CountAsync("objects", "s3://clicks/in/*.csv", "s3://clicks/out/counts.jsonl");
        await CountAsync("messages", Location(topic), Location(output));

        var fromFiles = Directory.GetFiles(_folder, "counts-*.jsonl").SelectMany(File.ReadLines).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(fromFiles);
        var fromObjects = new List<string>();
        foreach (var found in (await client.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request
        {
            BucketName = "clicks",
            Prefix = "out/"
        })).S3Objects)
        {
            using var content = await client.GetObjectAsync("clicks", found.Key);
            using var reader = new StreamReader(content.ResponseStream);
            fromObjects.AddRange((await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Equal(fromFiles, fromObjects.Order(StringComparer.Ordinal));
        Assert.Equal(fromFiles, Texts(output));

        Task CountAsync(string name, string input, string output) => RunAsync(
            "ClickCounts",
            "--checkpoints",
            Path.Combine(_folder, name),
            "--input",
            input,
            "--output",
            output,
            "--s3-endpoint",
            server.Endpoint,
            "--parallelism",
            $"{parallelism}");
    }

    [Fact]
    public async Task Flights_go_through_topics()
    {
        var flights = Path.Combine(RepositoryFolder.Path, "samples", "FlightDelays", "flights-sample.csv");
        var input = await shared.Broker.CreateTopicAsync();
        var output = await shared.Broker.CreateTopicAsync();
        await CreateLateTopicAsync(output);
        await RunAsync("Replay", flights, Location(input), "--rate", "1000000");
        await RunAsync(
            "FlightDelays",
            "--input",
            Location(input),
            "--until",
            "latest",
            "--output",
            Location(output),
            "--checkpoints",
            Path.Combine(_folder, "c"));

        var lines = File.ReadLines(flights).Skip(1).Where(static line => line.Split(',')[3].Length == 3).ToList();
        Assert.Equal(TortureOracle.Hours(lines, 1), Texts(output));
        Assert.NotEmpty(Texts(output + "-late"));
    }

    private string Location(string topic) => $"kafka://{shared.Broker.Address}/{topic}";

    private List<string> Texts(string topic) =>
        [.. shared.Broker.ReadAll(topic)
            .Select(static message => Encoding.UTF8.GetString(message.Message.Value!))
            .Order(StringComparer.Ordinal)];

    private async Task CreateLateTopicAsync(string topic)
    {
        using var admin = new Confluent.Kafka.AdminClientBuilder(new Confluent.Kafka.AdminClientConfig
        {
            BootstrapServers = shared.Broker.Address
        }).Build();
        await admin.CreateTopicsAsync([
            new Confluent.Kafka.Admin.TopicSpecification { Name = topic + "-late", NumPartitions = 1, ReplicationFactor = 1 }
        ]);
    }

    private async Task RunAsync(string sample, params string[] arguments)
    {
        var assembly = Path.Combine(RepositoryFolder.Path, "samples", sample, "bin", SampleConfiguration, "net10.0", sample + ".dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
    }

    // The output folder of the tests: bin/Release/net10.0.
    private static string SampleConfiguration =>
        Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;
}
