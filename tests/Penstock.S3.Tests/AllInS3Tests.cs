using System.Globalization;
using Amazon.S3.Model;
using FlightDelays.Tests;
using static Penstock.S3.Tests.CrashTests;

namespace Penstock.S3.Tests;

/// <summary>The real process with input, output and checkpoints in S3: it is killed, and the answer is the same.</summary>
public sealed class AllInS3Tests(ITestOutputHelper output)
{
    private const int Kills = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Random _random = NewRandom(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_again_and_again_the_job_gives_the_answer_and_shows_nothing_too_early(int parallelism)
    {
        await using var server = await StartAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. ArgumentsOf(server), "--parallelism", $"{parallelism}"];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = new SampleProcess(workspace, [.. arguments, "--rate", "1500"]);
            if (kill % 2 == 0)
            {
                await WaitForNewCheckpointAsync(server, process);
            }

            var until = DateTime.UtcNow.AddMilliseconds(_random.Next(700));
            do
            {
                await AssertNothingIsTooEarlyAsync(server);
            }
            while (DateTime.UtcNow < until);

            Assert.False(process.HasExited, "The job ended too soon.");
            process.Kill();
        }

        await AssertFinishesAsync(server, workspace, new SampleProcess(workspace, arguments));
    }

    [Fact]
    public async Task A_job_whose_server_is_killed_while_it_reads_carries_on_by_itself()
    {
        await using var server = await StartAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. ArgumentsOf(server), "--output", workspace.Output];
        using var process = new SampleProcess(workspace, [.. arguments, .. Endless]);
        for (var kill = 0; kill < Kills; kill++)
        {
            await WaitForNewCheckpointAsync(server, process);
            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(200))), "The job ended too soon.");
            server.Kill();
            process.Wait(TimeSpan.FromMilliseconds(_random.Next(300)));
            await server.RestartAsync();
        }

        await GoOnAndFinishAsync(server, process, workspace, arguments);
    }

    [Fact]
    public async Task A_second_job_on_the_same_place_is_refused()
    {
        await using var server = await StartAsync();
        using var workspace = new Workspace();
        using var first = new SampleProcess(workspace, [.. ArgumentsOf(server), "--rate", "1000"]);
        await WaitForNewCheckpointAsync(server, first);
        using var elsewhere = new Workspace();
        var (exitCode, _, error) = await SampleProcess.RunAsync(elsewhere, [.. ArgumentsOf(server), "--checkpoints", $"s3://{Bucket}/others"]);
        Assert.Equal(1, exitCode);
        output.WriteLine(error);
        Assert.Contains("another job", error, StringComparison.Ordinal);
        await WaitForNewCheckpointAsync(server, first);
    }

    [Fact]
    public async Task Objects_that_come_while_it_runs_are_read_once_whatever_is_killed()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        using var client = server.Client();
        var lines = File.ReadAllLines(Workspace.Excerpt);
        var chunks = lines.Skip(1).Chunk(1000).Select((rows, number) => (Key: $"in/{number:D3}.csv", Rows: rows)).ToList();
        string[] arguments = [.. ArgumentsOf(server), "--poll", "50ms", "--max-delay", "400d", "--rate", "8000"];
        var process = new SampleProcess(workspace, arguments);
        try
        {
            foreach (var (index, chunk) in chunks.Index())
            {
                await PutAsync(chunk.Key, chunk.Rows);
                process.Wait(TimeSpan.FromMilliseconds(_random.Next(150)));
                Assert.False(process.HasExited, "The job ended too soon.");
                if (index % 10 == 9)
                {
                    await WaitForNewCheckpointAsync(server, process);
                    server.Kill();
                    process.Wait(TimeSpan.FromMilliseconds(_random.Next(300)));
                    await server.RestartAsync();
                }
                else if (index % 3 == 2)
                {
                    process.Kill();
                    process.Dispose();
                    process = new SampleProcess(workspace, [.. arguments, "--parallelism", $"{_random.Next(1, 4)}"]);
                }
            }

            // One flight so late that all windows before it close.
            await PutAsync("in/last.csv", ["2009-01-01T00:00,0,1,ZZZ,ZZZ"]);
            var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromDays(400));
            for (var until = DateTime.UtcNow + Patience; workspace.Delays().Length < expected.Delays.Length;)
            {
                Assert.True(DateTime.UtcNow < until, $"{workspace.Delays().Length} of {expected.Delays.Length} windows.");
                Assert.False(process.HasExited, process.HasExited ? (await process.ResultAsync()).Error : "");
                process.Wait(TimeSpan.FromMilliseconds(200));
                await FetchAsync(server, workspace);
            }

            process.Terminate();
            Assert.Equal(0, (await process.ResultAsync()).ExitCode);
            await FetchAsync(server, workspace);
            Assert.Equal(expected.Delays, workspace.Delays());
            Assert.Empty(workspace.Late());
        }
        finally
        {
            process.Dispose();
        }

        Task PutAsync(string key, string[] rows) => client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = string.Join('\n', [lines[0], .. rows, ""]) });
    }

    [Theory]
    [InlineData("--input", "s3://checkpoints/in/*.csv")]
    [InlineData("--output", "s3://checkpoints/out")]
    [InlineData("--checkpoints", "s3://checkpoints/flights")]
    public async Task Credentials_that_are_wrong_are_told_at_once_and_not_shown(string place, string location)
    {
        await using var server = await StartAsync();
        using var workspace = new Workspace();
        using var process = new SampleProcess(workspace, [("AWS_SECRET_ACCESS_KEY", "this-is-no-secret")], ["--s3-endpoint", server.Endpoint, place, location]);
        var (exitCode, text, error) = await process.ResultAsync().WaitAsync(Patience);
        Assert.Equal(1, exitCode);
        Assert.Contains("SignatureDoesNotMatch", error, StringComparison.Ordinal);
        Assert.Contains(server.Endpoint, error, StringComparison.Ordinal);
        Assert.Contains("Give the AWS SDK credentials that are valid there", error, StringComparison.Ordinal);
        Assert.DoesNotContain("this-is-no-secret", text + error, StringComparison.Ordinal);
    }

    private static async Task<S3Server> StartAsync()
    {
        var server = await StartServerAsync();
        using var client = server.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "in/flights.csv", FilePath = Workspace.Excerpt });
        return server;
    }

    private static string[] ArgumentsOf(S3Server server) =>
        [.. Common, .. PlaceOf(server), "--input", $"s3://{Bucket}/in/*.csv", "--output", $"s3://{Bucket}/out"];

    private static async Task<string[]> KeysAsync(S3Server server, string prefix)
    {
        using var client = server.Client();
        var keys = new List<string>();
        await foreach (var found in client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix }).S3Objects)
        {
            keys.Add(found.Key);
        }

        return [.. keys];
    }

    // What is listed first cannot be newer than what is listed then.
    private static async Task AssertNothingIsTooEarlyAsync(S3Server server)
    {
        var parts = (await KeysAsync(server, "out/")).Where(key => key.EndsWith(".csv", StringComparison.Ordinal)).ToList();
        var newest = await NewestCheckpointAsync(server);
        Assert.All(parts, key => Assert.InRange(long.Parse(key.Split('-')[^2], CultureInfo.InvariantCulture), 1, newest));
    }

    private async Task AssertFinishesAsync(S3Server server, Workspace workspace, SampleProcess process)
    {
        using (process)
        {
            var (exitCode, text, error) = await process.ResultAsync();
            Assert.True(exitCode == 0, error);
            output.WriteLine($"{(await KeysAsync(server, "out/")).Length} objects");
            var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), SplitSize);
            await FetchAsync(server, workspace);
            workspace.AssertAnswer(expected);
            Assert.Equal(expected.Rows, SampleProcess.Figure(text, "rows"));
            using var client = server.Client();
            var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = "out/" });
            Assert.Empty(uploads.MultipartUploads ?? []);
            Assert.DoesNotContain(await KeysAsync(server, "out/"), key => key.EndsWith(".owner", StringComparison.Ordinal));
        }
    }

    private static async Task FetchAsync(S3Server server, Workspace workspace)
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
