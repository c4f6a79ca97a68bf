using Amazon.S3.Model;
using FlightDelays.Tests;

namespace Penstock.S3.Tests;

/// <summary>
/// Common steps of tests that run the sample as a process with its checkpoints in S3, and in some of them also its input and output.
/// </summary>
internal static class SampleSteps
{
    public const string Bucket = "checkpoints";
    public const long SplitSize = 128 * 1024;

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    public static readonly string[] Common = ["--checkpoint-interval", "40ms", "--split-size", "128KB", "--max-delay", "2h"];

    /// <summary>
    /// So slow that the job has not ended before all events of the test have happened, even on a busy machine: it takes two minutes.
    /// </summary>
    public static readonly string[] Endless = ["--rate", "250"];

    public static Random NewRandom(ITestOutputHelper output)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    public static async Task<S3Server> StartServerAsync()
    {
        var server = await S3Server.StartAsync();
        await server.CreateBucketAsync(Bucket);
        return server;
    }

    /// <summary>Starts a server with the input of the sample.</summary>
    public static async Task<S3Server> StartWithInputAsync()
    {
        var server = await StartServerAsync();
        using var client = server.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "in/flights.csv", FilePath = Workspace.Excerpt });
        return server;
    }

    public static string[] PlaceOf(S3Server server) => ["--checkpoints", $"s3://{Bucket}/flights", "--s3-endpoint", server.Endpoint];

    /// <summary>The arguments of a job with everything in S3.</summary>
    public static string[] ArgumentsOf(S3Server server) =>
        [.. Common, .. PlaceOf(server), "--input", $"s3://{Bucket}/in/*.csv", "--output", $"s3://{Bucket}/out"];

    public static async Task<long> NewestCheckpointAsync(S3Server server)
    {
        using var client = server.Client();
        var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = "flights/0" });
        return (listed.S3Objects ?? []).Where(found => found.Key.EndsWith(".manifest", StringComparison.Ordinal))
            .Select(found => long.Parse(Path.GetFileNameWithoutExtension(found.Key), System.Globalization.CultureInfo.InvariantCulture))
            .DefaultIfEmpty().Max();
    }

    public static async Task WaitForNewCheckpointAsync(S3Server server, SampleProcess process)
    {
        var before = await NewestCheckpointAsync(server);
        await process.UntilAsync(async () => await NewestCheckpointAsync(server) >= before + 2);
    }

    /// <summary>
    /// After the server was killed for the last time, waits until the job has written and committed further rows, and stops it. Another
    /// process completes the output; what the first process has committed must stay unchanged in it.
    /// </summary>
    /// <returns>The log of the first process.</returns>
    public static async Task<string> ResumeAndFinishAsync(S3Server server, SampleProcess process, Workspace workspace, string[] arguments)
    {
        // Rows of the next checkpoints may have been written before the server was killed, but rows of later ones were not.
        await WaitForNewCheckpointAsync(server, process);
        var last = await NewestCheckpointAsync(server);
        await process.UntilAsync(
            () => workspace.PartsAfter(last).Length > 0,
            Limit,
            $"No rows of a checkpoint after {last} are visible: the job has written none since its server came back.");
        process.Terminate();
        var (exitCode, text, error) = await process.ResultAsync();
        Assert.True(exitCode == 0, error);
        Assert.Contains("Stopped after checkpoint", text, StringComparison.Ordinal);
        var committed = workspace.PartsAfter(0).ToDictionary(static part => part, File.ReadAllText);
        await AssertFinishesAsync(new SampleProcess(workspace, arguments), workspace);
        Assert.All(committed, static part => Assert.Equal(part.Value, File.ReadAllText(part.Key)));
        return error;
    }

    /// <summary>Waits for a job whose output is a folder, and compares the output.</summary>
    public static async Task AssertFinishesAsync(SampleProcess process, Workspace workspace)
    {
        using (process)
        {
            var (exitCode, text, error) = await process.ResultAsync();
            Assert.True(exitCode == 0, error);
            var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), SplitSize);
            workspace.AssertAnswer(expected);
            Assert.Equal(expected.Rows, SampleProcess.Figure(text, "rows"));
            Assert.Equal(expected.Late.Length, SampleProcess.Figure(text, "late"));
            Assert.Equal(expected.Delays.Length, SampleProcess.Figure(text, "windows"));
        }
    }

    public static async Task<string[]> KeysAsync(S3Server server, string prefix)
    {
        using var client = server.Client();
        var keys = new List<string>();
        await foreach (var found in client.Paginators.ListObjectsV2(new ListObjectsV2Request
        {
            BucketName = Bucket,
            Prefix = prefix
        }).S3Objects)
        {
            keys.Add(found.Key);
        }

        return [.. keys];
    }

    /// <summary>Copies the output to a folder.</summary>
    public static async Task FetchAsync(S3Server server, Workspace workspace)
    {
        using var client = server.Client();
        foreach (var key in await KeysAsync(server, "out/"))
        {
            var path = Path.Combine(workspace.Output, key["out/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var found = await client.GetObjectAsync(Bucket, key);
            await using var file = File.Create(path);
            await found.ResponseStream.CopyToAsync(file);
        }
    }
}
