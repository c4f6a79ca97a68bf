using FlightDelays.Tests;

namespace Penstock.S3.Tests;

/// <summary>The real process with its checkpoints in S3, killed at random moments, or its server killed: the answer is the same.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    internal const string Bucket = "checkpoints";
    private const int Kills = 10;
    internal const long SplitSize = 128 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    internal static readonly string[] Common = ["--checkpoint-interval", "40ms", "--split-size", "128KB", "--max-delay", "2h"];

    /// <summary>So slow that the job has not ended before everything has happened to it, however busy the machine is: it takes two minutes.</summary>
    internal static readonly string[] Endless = ["--rate", "250"];

    private readonly Random _random = NewRandom(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_ten_times_the_job_gives_the_answer_of_an_undisturbed_run(int parallelism)
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. Common, .. PlaceOf(server), "--parallelism", $"{parallelism}"];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = new SampleProcess(workspace, [.. arguments, "--rate", "1000"]);

            // At its start, or among its checkpoints.
            if (kill % 2 == 0)
            {
                await WaitForNewCheckpointAsync(server, process);
            }

            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(700))), "The job ended too soon.");
            process.Kill();
        }

        output.WriteLine($"{await NewestCheckpointAsync(server)} numbers taken");
        await AssertFinishesAsync(new SampleProcess(workspace, arguments), workspace);
    }

    [Fact]
    public async Task A_job_whose_server_is_killed_carries_on_by_itself()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. Common, .. PlaceOf(server)];
        using var process = new SampleProcess(workspace, [.. arguments, .. Endless]);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Checkpoints follow each other closely: most kills meet one of their requests.
            await WaitForNewCheckpointAsync(server, process);
            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(200))), "The job ended too soon.");
            server.Kill();
            process.Wait(TimeSpan.FromMilliseconds(_random.Next(300)));
            await server.RestartAsync();
        }

        // Not every server writes a small object at once: a manifest that it died over may be neither there nor free. Then the job has restarted.
        Assert.Contains("It is tried again", await GoOnAndFinishAsync(server, process, workspace, arguments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Savepoints_are_completed_although_the_server_is_killed_and_jobs_begin_with_them()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        const int Savepoints = 5;
        string[] arguments = [.. Common, .. PlaceOf(server), "--savepoints", $"s3://{Bucket}/savepoints"];
        using var process = new SampleProcess(workspace, [.. arguments, .. Endless]);
        for (var kill = 1; kill <= Savepoints; kill++)
        {
            await WaitForNewCheckpointAsync(server, process);
            process.Signal("USR1");
            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(40))), "The job ended too soon.");
            server.Kill();
            await server.RestartAsync();
            await WaitForNewCheckpointAsync(server, process);
        }

        await GoOnAndFinishAsync(server, process, workspace, arguments);
        var savepoints = await SavepointsAsync(server);
        output.WriteLine($"{savepoints.Length} savepoints");
        Assert.NotEmpty(savepoints);
        var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), SplitSize);
        foreach (var savepoint in savepoints)
        {
            using var elsewhere = new Workspace();
            var (exitCode, text, error) = await SampleProcess.RunAsync(elsewhere, [.. Common, "--start-from", savepoint, "--s3-endpoint", server.Endpoint]);
            Assert.True(exitCode == 0, error);
            Assert.Equal((expected.Rows, expected.Delays.Length), (SampleProcess.Figure(text, "rows"), (int)SampleProcess.Figure(text, "windows")));
            Assert.Subset(expected.Delays.ToHashSet(), elsewhere.Delays().ToHashSet());
        }
    }

    [Fact]
    public async Task A_second_process_takes_over_and_the_first_one_stops()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        using var first = new SampleProcess(workspace, [.. Common, .. PlaceOf(server), "--rate", "1000"]);
        await WaitForNewCheckpointAsync(server, first);

        // Its output is elsewhere: only the checkpoints keep the two apart.
        using var elsewhere = new Workspace();
        using var second = new SampleProcess(elsewhere, [.. Common, .. PlaceOf(server), "--rate", "1000"]);
        var (exitCode, _, error) = await first.ResultAsync().WaitAsync(Patience);
        Assert.Equal(1, exitCode);
        Assert.Contains("Another process has taken over the checkpoints in 's3://checkpoints/flights'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_explained_once()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        var (exitCode, text, error) = await SampleProcess.RunAsync(workspace, "--checkpoints", "s3://no-such-bucket/flights", "--s3-endpoint", server.Endpoint);
        Assert.Equal(1, exitCode);
        Assert.Equal("", text);
        Assert.Equal(2, error.Split("NoSuchBucket").Length);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Output));
    }

    internal static Random NewRandom(ITestOutputHelper output)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    internal static async Task<S3Server> StartServerAsync()
    {
        var server = await S3Server.StartAsync();
        await server.CreateBucketAsync(Bucket);
        return server;
    }

    internal static string[] PlaceOf(S3Server server) => ["--checkpoints", $"s3://{Bucket}/flights", "--s3-endpoint", server.Endpoint];

    internal static async Task<long> NewestCheckpointAsync(S3Server server)
    {
        using var client = server.Client();
        var listed = await client.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request { BucketName = Bucket, Prefix = "flights/0" });
        return (listed.S3Objects ?? []).Where(found => found.Key.EndsWith(".manifest", StringComparison.Ordinal))
            .Select(found => long.Parse(Path.GetFileNameWithoutExtension(found.Key), System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
    }

    private static async Task<string[]> SavepointsAsync(S3Server server)
    {
        using var client = server.Client();
        var listed = await client.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request { BucketName = Bucket, Prefix = "savepoints/" });
        return [.. (listed.S3Objects ?? []).Where(found => found.Key.EndsWith("/savepoint.manifest", StringComparison.Ordinal))
            .Select(found => $"s3://{Bucket}/{found.Key[..found.Key.LastIndexOf('/')]}")];
    }

    internal static async Task WaitForNewCheckpointAsync(S3Server server, SampleProcess process)
    {
        var before = await NewestCheckpointAsync(server);
        await process.UntilAsync(async () => await NewestCheckpointAsync(server) >= before + 2);
    }

    /// <summary>
    /// Waits until a job whose server was killed for the last time has written and committed rows since, and stops it. Another process completes the answer; what
    /// the first one has committed stays in it as it is.
    /// </summary>
    /// <returns>What the first process has logged.</returns>
    internal static async Task<string> GoOnAndFinishAsync(S3Server server, SampleProcess process, Workspace workspace, string[] arguments)
    {
        // Rows of the next checkpoints may have been written before the server was killed; those of later ones were not.
        await WaitForNewCheckpointAsync(server, process);
        var last = await NewestCheckpointAsync(server);
        await process.UntilAsync(() => workspace.PartsAfter(last).Length > 0, Patience, $"No rows of a checkpoint after {last} are visible: the job has written none since its server came back.");
        process.Terminate();
        var (exitCode, text, error) = await process.ResultAsync();
        Assert.True(exitCode == 0, error);
        Assert.Contains("Stopped after checkpoint", text, StringComparison.Ordinal);
        var committed = workspace.PartsAfter(0).ToDictionary(static part => part, File.ReadAllText);
        await AssertFinishesAsync(new SampleProcess(workspace, arguments), workspace);
        Assert.All(committed, static part => Assert.Equal(part.Value, File.ReadAllText(part.Key)));
        return error;
    }

    private static async Task AssertFinishesAsync(SampleProcess process, Workspace workspace)
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
}
