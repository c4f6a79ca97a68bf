using Penstock.Tests;

namespace FlightDelays.Tests;

/// <summary>Kills the real process with SIGKILL at random moments. The output must be the same.</summary>
public class CrashTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, "none")]
    [InlineData(2, "none")]
    [InlineData(2, "gzip")]
    public async Task Killed_again_and_again_the_job_gives_the_answer_of_an_undisturbed_run(int parallelism, string compression)
    {
        var kills = compression == "none" ? Thoroughness.Times(30, brief: 8) : Thoroughness.Times(8, brief: 4);
        using var workspace = new Workspace();
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {kills} kills");
        var random = new Random(seed);
        string[] arguments =
            [
                "--parallelism",
                $"{parallelism}",
                "--checkpoint-interval",
                "40ms",
                "--split-size",
                "128KB",
                "--max-delay",
                "2h",
                "--compress",
                compression
            ];

        // The kills are spread from well before the first checkpoint to well after it, so the time until it is measured first.
        var ready = await FirstCheckpointAsync(workspace, [.. arguments, "--rate", "1000"]);
        output.WriteLine($"first checkpoint after {ready}");

        // Slow enough for the job not to end earlier, even if the machine becomes faster meanwhile.
        var rate = (long)(Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2)).Rows / (kills * 2 * ready.TotalSeconds));
        var disturbed = 1;
        for (var kill = 1; kill < kills; kill++)
        {
            using var process = new SampleProcess(workspace, [.. arguments, "--rate", $"{Math.Min(rate, 1000)}"]);
            disturbed += process.Wait(ready * (0.3 + 1.7 * random.NextDouble())) ? 0 : 1;
            process.Kill();
        }

        Assert.Equal(kills, disturbed);
        var (exitCode, text, error) = await SampleProcess.RunAsync(workspace, arguments);
        Assert.True(exitCode == 0, error);

        var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), 128 * 1024);
        workspace.AssertAnswer(expected);
        Assert.All(
            Directory.GetFiles(workspace.Output, "delays-*"),
            path => Assert.EndsWith(compression == "gzip" ? ".csv.gz" : ".csv", path, StringComparison.Ordinal));
        Assert.Equal(expected.Rows, SampleProcess.Figure(text, "rows"));
        Assert.Equal(expected.Late.Length, SampleProcess.Figure(text, "late"));
        Assert.Equal(expected.Delays.Length, SampleProcess.Figure(text, "windows"));
    }

    private static async Task<TimeSpan> FirstCheckpointAsync(Workspace workspace, string[] arguments)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var process = new SampleProcess(workspace, arguments);
        await process.UntilAsync(() => Directory.Exists(workspace.Checkpoints)
            && Directory.GetFiles(workspace.Checkpoints, "*.manifest").Length > 0);

        process.Kill();
        return clock.Elapsed;
    }
}
