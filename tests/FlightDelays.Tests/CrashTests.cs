namespace FlightDelays.Tests;

/// <summary>The real process, killed with SIGKILL at random moments, gives the same answer.</summary>
public class CrashTests(ITestOutputHelper output)
{
    private const int Kills = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_thirty_times_the_job_gives_the_answer_of_an_undisturbed_run(int parallelism)
    {
        using var workspace = new Workspace();
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] arguments =
            ["--parallelism", $"{parallelism}", "--checkpoint-interval", "40ms", "--split-size", "128KB", "--max-delay", "2h"];
        var disturbed = 0;
        var resumed = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = new SampleProcess(workspace, [.. arguments, "--rate", "2000"]);
            disturbed += process.Wait(TimeSpan.FromMilliseconds(random.Next(150, 900))) ? 0 : 1;
            process.Kill();
            resumed += Directory.Exists(workspace.Checkpoints) && Directory.GetFiles(workspace.Checkpoints, "*.manifest").Length > 0 ? 1 : 0;
        }

        Assert.Equal(Kills, disturbed);
        Assert.InRange(resumed, 1, Kills);
        var (exitCode, text, error) = await SampleProcess.RunAsync(workspace, arguments);
        Assert.True(exitCode == 0, error);

        var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), 128 * 1024);
        workspace.AssertAnswer(expected);
        Assert.Equal(expected.Rows, SampleProcess.Figure(text, "rows"));
        Assert.Equal(expected.Late.Length, SampleProcess.Figure(text, "late"));
        Assert.Equal(expected.Delays.Length, SampleProcess.Figure(text, "windows"));
    }
}
