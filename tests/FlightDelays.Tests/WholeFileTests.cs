namespace FlightDelays.Tests;

/// <summary>The sample on three million flights, where the file is at hand: <c>PENSTOCK_TEST_FLIGHTS</c> names it (plain CSV).</summary>
public class WholeFileTests
{
    private const int FirstRows = 1_000_000;

    [Fact]
    public async Task Later_rows_cost_less_than_a_byte_of_allocation_each_and_the_answer_is_right()
    {
        var flights = Environment.GetEnvironmentVariable("PENSTOCK_TEST_FLIGHTS");
        Assert.SkipWhen(flights == null, "PENSTOCK_TEST_FLIGHTS does not name the file of three million flights.");
        using var workspace = new Workspace();
        var first = Path.Combine(workspace.Folder, "first.csv");
        await File.WriteAllLinesAsync(first, File.ReadLines(flights!).Take(FirstRows + 1));

        // So slow that the first rows have checkpoints, too, and what only the first one allocates is not counted.
        string[] arguments = ["--max-delay", "28h", "--rate", "800000"];
        using var small = new Workspace();
        var (exitCode, output, error) = await SampleProcess.RunAsync(small, ["--input", first, .. arguments]);
        Assert.True(exitCode == 0, error);
        var before = SampleProcess.Figure(output, "allocated_bytes");

        (exitCode, output, error) = await SampleProcess.RunAsync(workspace, ["--input", flights!, .. arguments]);
        Assert.True(exitCode == 0, error);
        var rows = SampleProcess.Figure(output, "rows") - FirstRows;
        Assert.True(rows > FirstRows);
        Assert.InRange((double)(SampleProcess.Figure(output, "allocated_bytes") - before) / rows, double.MinValue, 1);
        workspace.AssertAnswer(Oracle.Of(flights!, TimeSpan.FromHours(28)));
    }
}
