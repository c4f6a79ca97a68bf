using FlightDelays;
using Penstock.Benchmarks.Pipelines;
using Penstock.Hosting;

namespace Penstock.Benchmarks.Ratios;

/// <summary>The sample's whole job, with checkpoints, against a loop that does it by hand without them.</summary>
internal static class FlightsRatios
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromHours(28);

    private static readonly Lazy<long> Rows = new(() => File.ReadLines(FlightsFile.CsvPath).LongCount() - 1);

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("flights", 0.8, () => () => Pipeline(1), "hand-written loop without checkpoints", () => ByHand),
        new Ratio("flights-p2", 1.5, () => () => Pipeline(2), "flights at parallelism 1", () => () => Pipeline(1)),
    ];

    private static long Pipeline(int parallelism)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-flights-").FullName;
        Harness.Run<FlightDelaysPipeline>(new object(), options =>
        {
            options.Parallelism = parallelism;
            options.Checkpoints.Path = Path.Combine(folder, "checkpoints");
            options.Checkpoints.Interval = TimeSpan.FromSeconds(1);
            options.Sources["Flights"] = new SourceOptions { Path = FlightsFile.CsvPath, MaxDelay = MaxDelay };
            options.Sinks["Delays"] = new SinkOptions { Path = Path.Combine(folder, "delays.csv") };
            options.Sinks["LateFlights"] = new SinkOptions { Path = Path.Combine(folder, "late", "late.csv") };
        });
        Directory.Delete(folder, recursive: true);
        return Rows.Value;
    }

    private static long ByHand()
    {
        var output = Path.GetTempFileName();
        HandWrittenFlights.Run(FlightsFile.CsvPath, output, MaxDelay);
        File.Delete(output);
        return Rows.Value;
    }
}
