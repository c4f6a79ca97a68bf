using FlightDelays;
using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>The whole job of the sample, with checkpoints, compared with a hand-written loop without them.</summary>
internal static class FlightsRatios
{
    // With the first delay no row is late, with the second one a fifth of the rows.
    private static readonly TimeSpan WholeDelay = TimeSpan.FromHours(28);
    private static readonly TimeSpan ShortDelay = TimeSpan.FromMinutes(30);

    private static readonly Lazy<long> Rows = new(() => File.ReadLines(FlightsFile.CsvPath).LongCount() - 1);

    public static IEnumerable<Ratio> All =>
    [
        AgainstLoop("flights", WholeDelay),
        AgainstLoop("flights-late", ShortDelay),
        AgainstOneSubtask("flights-p2", "flights", WholeDelay),
        AgainstOneSubtask("flights-late-p2", "flights-late", ShortDelay),
    ];

    private static Ratio AgainstLoop(string name, TimeSpan maxDelay) =>
        new(name, 0.85, () => () => Pipeline(1, maxDelay), "hand-written loop without checkpoints", () => () => ByHand(maxDelay));

    private static Ratio AgainstOneSubtask(string name, string peer, TimeSpan maxDelay) =>
        new(name, 1.6, () => () => Pipeline(2, maxDelay), $"{peer} at parallelism 1", () => () => Pipeline(1, maxDelay));

    private static long Pipeline(int parallelism, TimeSpan maxDelay)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-flights-").FullName;
        Harness.Run<FlightDelaysPipeline>(new object(), options =>
        {
            options.Parallelism = parallelism;
            options.Checkpoints.Path = Path.Combine(folder, "checkpoints");
            options.Checkpoints.Interval = TimeSpan.FromSeconds(1);
            options.Sources["Flights"] = new SourceOptions { Path = FlightsFile.CsvPath, MaxDelay = maxDelay };
            options.Sinks["Delays"] = new SinkOptions { Path = Path.Combine(folder, "delays.csv") };
            options.Sinks["LateFlights"] = new SinkOptions { Path = Path.Combine(folder, "late", "late.csv") };
        });
        Directory.Delete(folder, recursive: true);
        return Rows.Value;
    }

    private static long ByHand(TimeSpan maxDelay)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-flights-").FullName;
        HandWrittenFlights.Run(FlightsFile.CsvPath, Path.Combine(folder, "delays.csv"), Path.Combine(folder, "late.csv"), maxDelay);
        Directory.Delete(folder, recursive: true);
        return Rows.Value;
    }
}
