using FlightDelays.Tests;
using Penstock.Tests;
using static Penstock.S3.Tests.SampleSteps;

namespace Penstock.S3.Tests;

/// <summary>
/// The real process with its checkpoints in S3. It is killed at random moments, or another process replaces it: the output is the same.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly int Kills = Thoroughness.Times(10, brief: 4);

    private readonly Random _random = NewRandom(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_again_and_again_the_job_gives_the_answer_of_an_undisturbed_run(int parallelism)
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. Common, .. PlaceOf(server), "--parallelism", $"{parallelism}"];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = new SampleProcess(workspace, [.. arguments, "--rate", "1000"]);

            // At its start, or during its checkpoints.
            if (kill % 2 == 0)
            {
                await WaitForNewCheckpointAsync(server, process);
            }

            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(700))), "The job ended too soon.");
            process.Kill();
        }

        output.WriteLine($"{Kills} kills, {await NewestCheckpointAsync(server)} numbers taken");
        await AssertFinishesAsync(new SampleProcess(workspace, arguments), workspace);
    }

    [Fact]
    public async Task A_second_process_takes_over_and_the_first_one_stops()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        using var first = new SampleProcess(workspace, [.. Common, .. PlaceOf(server), "--rate", "1000"]);
        await WaitForNewCheckpointAsync(server, first);

        // Its output is elsewhere, so only the checkpoints keep the two apart.
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
        var (exitCode, text, error) = await SampleProcess.RunAsync(
            workspace,
            "--checkpoints",
            "s3://no-such-bucket/flights",
            "--s3-endpoint",
            server.Endpoint);
        Assert.Equal(1, exitCode);
        Assert.Equal("", text);
        Assert.Equal(2, error.Split("NoSuchBucket").Length);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Output));
    }
}
