using FlightDelays.Tests;
using static Penstock.S3.Tests.SampleSteps;

namespace Penstock.S3.Tests;

/// <summary>The real process with its checkpoints in S3, whose server is killed at random moments: the output is the same.</summary>
public sealed class ServerCrashTests(ITestOutputHelper output)
{
    private const int Kills = 10;

    private readonly Random _random = NewRandom(output);

    [Fact]
    public async Task A_job_whose_server_is_killed_carries_on_by_itself()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. Common, .. PlaceOf(server)];
        using var process = new SampleProcess(workspace, [.. arguments, .. Endless]);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Checkpoints are frequent, so that most kills interrupt one of their requests.
            await WaitForNewCheckpointAsync(server, process);
            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(200))), "The job ended too soon.");
            server.Kill();
            process.Wait(TimeSpan.FromMilliseconds(_random.Next(300)));
            await server.RestartAsync();
        }

        // Not every server writes a small object atomically: after a kill, a manifest may neither exist nor be free. Then the job has
        // restarted.
        Assert.Contains("It is tried again", await ResumeAndFinishAsync(server, process, workspace, arguments), StringComparison.Ordinal);
    }
}
