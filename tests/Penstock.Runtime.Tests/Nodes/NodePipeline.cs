using Penstock.Runtime.Tests.Testing.Simulation.Rides;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>Rides from files: totals, windows, and windows over windows, each after an exchange by key.</summary>
[Pipeline]
public sealed partial class NodePipeline
{
    [FileSource("in/rides-*.csv")]
    [EventTime(nameof(Ride.At), Unit = TimeUnit.Microseconds, MaxDelay = "1h")]
    public partial Stream<Ride> Rides { get; }

    [Apply<AddUp>(nameof(Rides))]
    [FileSink("out/totals.csv")]
    public partial Stream<Total> Totals { get; }

    [Apply<CountRides>(nameof(Rides))]
    [FileSink("out/counts.csv")]
    public partial Stream<UserRides> Counts { get; }

    [Apply<CountUsersPerMinute>(nameof(Counts))]
    [FileSink("out/spread.csv")]
    public partial Stream<Spread> Spreads { get; }
}
