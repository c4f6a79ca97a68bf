namespace FlightDelays.Tests;

/// <summary>A consumer moves part files away while a job exists.</summary>
public class MovedOutputTests
{
    [Fact]
    public async Task A_start_misses_the_parts_of_its_own_checkpoint_and_of_no_earlier_one()
    {
        using var workspace = new Workspace();
        using (var process = new SampleProcess(workspace, "--checkpoint-interval", "40ms", "--rate", "5000"))
        {
            await process.UntilAsync(() => workspace.Delays().Length > 0);

            process.Kill();
        }

        // The only checkpoint of this run is that at its end, with the rest of the output.
        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace, "--checkpoint-interval", "1h");
        Assert.True(exitCode == 0, error);
        var parts = Directory.GetFiles(workspace.Output, "delays-*.csv").Order(StringComparer.Ordinal).ToList();
        Assert.InRange(parts.Count, 2, int.MaxValue);

        File.Delete(parts[0]);
        (exitCode, var output, error) = await SampleProcess.RunAsync(workspace);
        Assert.True(exitCode == 0, error);
        Assert.Contains("already finished", output, StringComparison.Ordinal);

        File.Delete(parts[^1]);
        (exitCode, _, error) = await SampleProcess.RunAsync(workspace);
        Assert.Equal(1, exitCode);
        Assert.Contains($"neither visible nor hidden: '{Path.GetFileName(parts[^1])}'", error, StringComparison.Ordinal);
        Assert.Contains("Was the path of the sink changed?", error, StringComparison.Ordinal);
    }
}
