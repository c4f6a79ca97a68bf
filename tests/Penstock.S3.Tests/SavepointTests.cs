using Amazon.S3.Model;
using FlightDelays.Tests;
using Penstock.Tests;
using static Penstock.S3.Tests.SampleSteps;

namespace Penstock.S3.Tests;

/// <summary>Takes savepoints of the real process in S3, and kills its server.</summary>
public sealed class SavepointTests(ITestOutputHelper output)
{
    private readonly Random _random = NewRandom(output);

    [Fact]
    public async Task Savepoints_are_completed_although_the_server_is_killed_and_jobs_begin_with_them()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        var kills = Thoroughness.Times(5, brief: 2);
        string[] arguments = [.. Common, .. PlaceOf(server), "--savepoints", $"s3://{Bucket}/savepoints"];
        using var process = new SampleProcess(workspace, [.. arguments, .. Endless]);
        for (var kill = 1; kill <= kills; kill++)
        {
            await WaitForNewCheckpointAsync(server, process);
            process.Signal("USR1");
            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(40))), "The job ended too soon.");
            server.Kill();
            await server.RestartAsync();
            await WaitForNewCheckpointAsync(server, process);
        }

        await ResumeAndFinishAsync(server, process, workspace, arguments);
        var savepoints = await SavepointsAsync(server);
        output.WriteLine($"{savepoints.Length} savepoints of {kills} kills");
        Assert.NotEmpty(savepoints);
        var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), SplitSize);
        foreach (var savepoint in savepoints)
        {
            using var elsewhere = new Workspace();
            var (exitCode, text, error) = await SampleProcess.RunAsync(
                elsewhere,
                [.. Common, "--start-from", savepoint, "--s3-endpoint", server.Endpoint]);
            Assert.True(exitCode == 0, error);
            Assert.Equal(
                (expected.Rows, expected.Delays.Length),
                (SampleProcess.Figure(text, "rows"), (int)SampleProcess.Figure(text, "windows")));
            Assert.Subset(expected.Delays.ToHashSet(), elsewhere.Delays().ToHashSet());
        }
    }

    private static async Task<string[]> SavepointsAsync(S3Server server)
    {
        using var client = server.Client();
        var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = "savepoints/" });
        return [.. (listed.S3Objects ?? []).Where(found => found.Key.EndsWith("/savepoint.manifest", StringComparison.Ordinal))
            .Select(found => $"s3://{Bucket}/{found.Key[..found.Key.LastIndexOf('/')]}")];
    }
}
