using System.Globalization;
using Penstock;

namespace FlightDelays;

/// <summary>The report that the sample prints at its end.</summary>
internal static class Report
{
    private const int Shown = 5;

    /// <summary>Prints how the job ended, the airports with the longest delays, and one line of figures.</summary>
    /// <param name="status">The final status of the pipeline.</param>
    /// <param name="output">The folder of its part files; null if the output went elsewhere.</param>
    /// <param name="elapsed">The run time of this process.</param>
    public static void Write(PipelineStatus status, string? output, TimeSpan elapsed)
    {
        // Read before the report itself allocates.
        var allocated = GC.GetTotalAllocatedBytes();
        switch (status.State)
        {
            case PipelineState.Finished when status.WasAlreadyFinished:
                Console.WriteLine(
                    $"This job had already finished; nothing was changed. Delete '{output ?? "its checkpoints"}' to run it again.");
                break;
            case PipelineState.Finished when output != null:
                WriteWorstAirports(output);
                break;
            case PipelineState.Finished:
                break;
            default:
                Console.WriteLine(
                    $"{status.State} after checkpoint {status.LastCheckpoint?.Id}. Start it again with the same arguments to go on.");
                break;
        }

        if (output != null && Directory.Exists(output))
        {
            Console.WriteLine(
                $"delays by airport and hour: {Path.Combine(output, "delays-*.csv")}; late rows: {Path.Combine(output, "late", "late-*.csv")}");
        }

        // The counts are those of the job; its speed is that of this process.
        var perSecond = (status.Rows - status.RowsBefore) / elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rows={status.Rows} late={status.Late} windows={status.Windows} seconds={elapsed.TotalSeconds:F2} rows_per_s={perSecond:F0} allocated_bytes={allocated}"));
    }

    private static void WriteWorstAirports(string output)
    {
        var airports = new Dictionary<string, (long Flights, long Delay)>();

        // If the input had no row, there is no part and no folder.
        foreach (var part in Directory.Exists(output) ? Directory.GetFiles(output, "delays-*.csv") : [])
        {
            foreach (var line in File.ReadLines(part).Skip(1))
            {
                var fields = line.Split(',');
                var (flights, delay) = airports.GetValueOrDefault(fields[0]);
                airports[fields[0]] = (flights
                    + long.Parse(fields[2], CultureInfo.InvariantCulture), delay + long.Parse(fields[3], CultureInfo.InvariantCulture));
            }
        }

        // The average of a few flights is not meaningful.
        var enough = airports.Values.Sum(airport => airport.Flights) / Math.Max(1, airports.Count) / 2;
        Console.WriteLine("airport   flights   mean delay");
        foreach (var (origin, (flights, delay)) in airports.Where(airport => airport.Value.Flights >= enough)
            .OrderByDescending(airport => (double)airport.Value.Delay / airport.Value.Flights)
            .Take(Shown))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{origin,-7} {flights,9:N0} {(double)delay / flights,8:F1} min"));
        }
    }
}
