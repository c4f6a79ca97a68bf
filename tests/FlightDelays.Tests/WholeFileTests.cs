namespace FlightDelays.Tests;

/// <summary>The sample on three million flights, where the file is at hand: <c>PENSTOCK_TEST_FLIGHTS</c> names it (plain CSV).</summary>
public class WholeFileTests
{
    private const int FirstRows = 1_000_000;

    // A checkpoint copies more entries while the machine is busy with other things: single runs differ by megabytes. Medians tell what rows cost.
    private const int Attempts = 3;

    // The host watches its folder for changed settings, and allocates for every file that the job writes there.
    private static readonly (string Name, string Value)[] WithoutWatching = [("DOTNET_hostBuilder__reloadConfigOnChange", "false")];

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
        List<long> ofFirst = [], ofAll = [];
        var rows = 0L;
        for (var attempt = 0; attempt < Attempts && (rows == 0 || PerLaterRow() > 1); attempt++)
        {
            using var small = new Workspace();
            using var whole = new Workspace();
            ofFirst.Add(SampleProcess.Figure(await RunAsync(small, first), "allocated_bytes"));
            var output = await RunAsync(whole, flights!);
            ofAll.Add(SampleProcess.Figure(output, "allocated_bytes"));
            rows = SampleProcess.Figure(output, "rows") - FirstRows;
            whole.AssertAnswer(Oracle.Of(flights!, TimeSpan.FromHours(28)));
        }

        Assert.True(rows > FirstRows);
        Assert.InRange(PerLaterRow(), double.MinValue, 1);

        double PerLaterRow() => (double)(Median(ofAll) - Median(ofFirst)) / rows;

        async Task<string> RunAsync(Workspace place, string input)
        {
            using var process = new SampleProcess(place, WithoutWatching, ["--input", input, .. arguments]);
            var (exitCode, output, error) = await process.ResultAsync();
            Assert.True(exitCode == 0, error);
            return output;
        }
    }

    private static long Median(List<long> figures) => figures.Order().ElementAt(figures.Count / 2);
}
