using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Penstock.S3.Tests;

/// <summary>Rows are read from objects and written to objects in the same way as with files.</summary>
public sealed class RowsTests
{
    private static readonly string[] Expected =
    [
        .. Enumerable.Range(0, 400)
            .Select(number => JsonSerializer.Serialize(
                new { number, text = $"text {number}\n, and \"more\" {new string('x', number % 40)}" },
                Relaxed))
            .Order(StringComparer.Ordinal),
    ];

    private static JsonSerializerOptions Relaxed
    {
        get;
    } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public async Task The_same_rows_come_from_a_folder_and_from_objects(int parallelism, bool gzip)
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        var extension = gzip ? "csv.gz" : "csv";
        foreach (var (rows, index) in CopyJob.Rows.Chunk(150).Select((rows, index) => (rows, index)))
        {
            var content = CopyJob.Csv(rows, gzip);
            await job.PutAsync($"in/{index}.{extension}", content);
            Directory.CreateDirectory(Path.Combine(job.Folder, "in"));
            await File.WriteAllBytesAsync(Path.Combine(job.Folder, "in", $"{index}.{extension}"), content);
        }

        // Objects to objects; files to files; and files replaced by objects through configuration alone.
        var objects = await job.RunAsync<CopyObjects>(parallelism, ("Sources:Items:Path", $"s3://rows/in/*.{extension}"));
        var files = await job.RunAsync<CopyFiles>(
            parallelism,
            ("Sources:Items:Path", Path.Combine(job.Folder, "in")),
            ("Sinks:Items:Path", Path.Combine(job.Folder, "out", "items.jsonl")));
        var configured = await job.RunAsync<CopyFiles>(
            parallelism,
            ("Sources:Items:Path", "s3://rows/in"),
            ("Sinks:Items:Path", "s3://rows/configured/items.jsonl"));
        var packed = await job.RunAsync<CopyObjects>(
            parallelism,
            ("Sources:Items:Path", $"s3://rows/in/*.{extension}"),
            ("Sinks:Items:Path", "s3://rows/packed/items.jsonl.gz"));
        Assert.Equal(Lines(Path.Combine(job.Folder, "out")), await job.LinesAsync("packed/"));
        Assert.All(
            [objects, files, configured, packed],
            status => Assert.True(status.State == PipelineState.Finished, status.Error?.ToString()));
        Assert.Equal(Expected.Length, (await job.LinesAsync("out/")).Length);
        Assert.Equal(Lines(Path.Combine(job.Folder, "out")), await job.LinesAsync("out/"));
        Assert.Equal(Lines(Path.Combine(job.Folder, "out")), await job.LinesAsync("configured/"));
        AssertRows(await job.LinesAsync("out/"));
        Assert.Empty(await job.UploadsAsync());
        Assert.DoesNotContain("out/.items.jsonl.owner", await job.KeysAsync("out/"));
    }

    [Fact]
    public async Task A_source_in_a_pipeline_of_objects_can_be_a_file()
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        var input = Path.Combine(job.Folder, "items.csv");
        await File.WriteAllBytesAsync(input, CopyJob.Csv(CopyJob.Rows));
        var output = Path.Combine(job.Folder, "out", "items.jsonl");
        Assert.Equal(
            PipelineState.Finished,
            (await job.RunAsync<CopyObjects>(1, ("Sources:Items:Path", input), ("Sinks:Items:Path", output))).State);
        AssertRows(Lines(Path.GetDirectoryName(output)!));
    }

    [Theory]
    [InlineData("s3://rows/none/*.csv", "no object in the S3 bucket 'rows'")]
    [InlineData("s3://rows/none", "neither an object 's3://rows/none' nor one directly below it that ends with .csv")]
    [InlineData("s3://no-such-bucket/in/*.csv", "NoSuchBucket")]
    [InlineData("s3://rows/*/x.csv", "Wildcards can stand in the last part only")]
    [InlineData("s3://Rows!", "is not a place in S3")]
    public async Task Input_that_is_not_there_is_explained(string path, string message)
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        var status = await job.RunAsync<CopyObjects>(1, ("Sources:Items:Path", path));
        Assert.Equal(PipelineState.Failed, status.State);
        Assert.Contains(message, status.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_for_longer_than_requests_are_tried_costs_restarts_and_no_rows()
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        foreach (var (number, rows) in CopyJob.Rows.Chunk(20).Index())
        {
            await job.PutAsync($"in/{number:D2}.csv", CopyJob.Csv(rows));
        }

        job.Settings["Penstock:S3:RetryTimeout"] = "200ms";
        using var host = job.Build<CopyObjects>(
            2,
            ("Checkpoints:Path", Path.Combine(job.Folder, "checkpoints")),
            ("Checkpoints:Interval", "50ms"),
            ("Sources:Items:Rate", "200"),
            ("Sinks:Items:Path", Path.Combine(job.Folder, "out", "items.jsonl")),
            ("Restart:Delay", "100ms"));
        var running = host.RunPipelinesAsync();
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
        await PipelineWaiting.UntilAsync(running, () => monitor.GetStatus().Rows > 20);
        server.Kill();
        await PipelineWaiting.UntilAsync(running, () => monitor.GetStatus().Restarts > 2);
        await server.RestartAsync();
        var status = Assert.Single(await running);
        Assert.True(status.State == PipelineState.Finished, status.Error?.ToString());
        AssertRows(Lines(Path.Combine(job.Folder, "out")));
    }

    [Fact]
    public async Task An_object_that_changes_while_it_is_read_is_refused()
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        await job.PutAsync("in/a.csv", CopyJob.Csv(CopyJob.Rows));
        var services = job.Build<CopyObjects>().Services;
        var input = new S3Input(S3Access.Of(services), "Items", 1024);
        var found = Assert.Single(input.Find("s3://rows/in/a.csv", [".csv"]));
        using var file = input.OpenRead(found.Path, found.Fingerprint);
        var buffer = new byte[1024];
        Assert.Equal(1024, file.Read(0, buffer));
        await job.PutAsync("in/a.csv", CopyJob.Csv(CopyJob.Rows.Reverse()));
        var error = Assert.Throws<SourceChangedException>(() => ReadAll(file, buffer));
        Assert.Contains("'in/a.csv' in the S3 bucket 'rows'", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(found.Fingerprint, Assert.Single(input.Find("s3://rows/in/a.csv", [".csv"])).Fingerprint);
    }

    [Fact]
    public async Task A_finished_job_knows_its_output_and_input_that_changed_since_is_an_error()
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        await job.PutAsync("in/a.csv", CopyJob.Csv(CopyJob.Rows));
        (string, string) checkpoints = ("Checkpoints:Path", "s3://rows/checkpoints");
        Assert.False((await job.RunAsync<CopyObjects>(1, checkpoints)).WasAlreadyFinished);
        Assert.True((await job.RunAsync<CopyObjects>(1, checkpoints)).WasAlreadyFinished);
        await job.PutAsync("in/a.csv", CopyJob.Csv(CopyJob.Rows.Reverse()));
        var status = await job.RunAsync<CopyObjects>(1, checkpoints);
        Assert.Contains("has changed since the checkpoint was taken", status.Error!.Message, StringComparison.Ordinal);
        AssertRows(await job.LinesAsync("out/"));
    }

    internal static async Task<S3Server> StartAsync()
    {
        var server = await S3Server.StartAsync();
        await server.CreateBucketAsync(CopyJob.Bucket);
        return server;
    }

    internal static void AssertRows(string[] lines) => Assert.Equal(
        Expected
            .Select(static line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("text").GetString())
            .Order(StringComparer.Ordinal),
        lines
            .Select(static line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("text").GetString())
            .Order(StringComparer.Ordinal));

    private static string[] Lines(string folder) =>
        [.. Directory.GetFiles(folder).SelectMany(File.ReadAllLines).Order(StringComparer.Ordinal)];

    private static void ReadAll(Penstock.Connectors.IReadableFile file, byte[] buffer)
    {
        for (var at = 1024; file.Read(at, buffer) is > 0 and var count;)
        {
            at += count;
        }
    }
}
