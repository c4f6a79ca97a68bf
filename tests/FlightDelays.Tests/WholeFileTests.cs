namespace FlightDelays.Tests;

/// <summary>The sample on three million flights, where the file is at hand: <c>PENSTOCK_TEST_FLIGHTS</c> names it (plain CSV).</summary>
public class WholeFileTests
{
    private const int FirstRows = 1_000_000;

    // Pools hold more where the machine is busy with other things. Allocation for each row would be there every time.
    private const int Attempts = 3;

    [Fact]
    public async Task Later_rows_cost_less_than_a_byte_of_allocation_each_and_the_answer_is_right()
    {
        var flights = Environment.GetEnvironmentVariable("PENSTOCK_TEST_FLIGHTS");
        Assert.SkipWhen(flights == null, "PENSTOCK_TEST_FLIGHTS does not name the file of three million flights.");
        using var folder = new Workspace();
        var first = Path.Combine(folder.Folder, "first.csv");
        await File.WriteAllLinesAsync(first, File.ReadLines(flights!).Take(FirstRows + 1));

        // So slow that the first rows have checkpoints, too, and what only the first one allocates is not counted.
        string[] arguments = ["--max-delay", "28h", "--rate", "800000"];
        var fewest = (First: long.MaxValue, All: long.MaxValue);
        var rows = 0L;
        for (var attempt = 0; attempt < Attempts && (rows == 0 || PerLaterRow() > 1); attempt++)
        {
            using var small = new Workspace();
            using var whole = new Workspace();
            fewest.First = Math.Min(fewest.First, SampleProcess.Figure(await RunAsync(small, first), "allocated_bytes"));
            var output = await RunAsync(whole, flights!);
            fewest.All = Math.Min(fewest.All, SampleProcess.Figure(output, "allocated_bytes"));
            rows = SampleProcess.Figure(output, "rows") - FirstRows;
            whole.AssertAnswer(Oracle.Of(flights!, TimeSpan.FromHours(28)));
        }

        Assert.True(rows > FirstRows);
        Assert.InRange(PerLaterRow(), double.MinValue, 1);

        double PerLaterRow() => (double)(fewest.All - fewest.First) / rows;

        async Task<string> RunAsync(Workspace place, string input)
        {
            var (exitCode, output, error) = await SampleProcess.RunAsync(place, ["--input", input, .. arguments]);
            Assert.True(exitCode == 0, error);
            return output;
        }
    }
}
