using Penstock.Runtime.Tests.Testing.Simulation.Rides;

namespace Penstock.Runtime.Tests.Testing.Simulation.Feeds;

/// <summary>
/// Rides from two sources that stay open, whose parts are idle if nothing is added: one source is polled, the other one wakes the pipeline.
/// </summary>
[Pipeline]
public sealed partial class FeedPipeline
{
    [Source<AskedFeedSource>]
    [EventTime(nameof(Ride.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s", Idle = "20ms")]
    public partial Stream<Ride> Asked { get; }

    [Apply<AddUp>(nameof(Asked))]
    [FileSink("/out/asked-totals.csv")]
    public partial Stream<Total> AskedTotals { get; }

    [Apply<CountRides>(nameof(Asked))]
    [FileSink("/out/asked-counts.csv")]
    public partial Stream<UserRides> AskedCounts { get; }

    [SideOutput(nameof(AskedCounts), SideOutputs.Late)]
    [FileSink("/out/asked-late.csv")]
    public partial Stream<Ride> AskedLate { get; }

    [Apply<CountUsersPerMinute>(nameof(AskedCounts))]
    [FileSink("/out/asked-spread.csv")]
    public partial Stream<Spread> AskedSpread { get; }

    [Source<WakingFeedSource>]
    [EventTime(nameof(Ride.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s", Idle = "20ms")]
    public partial Stream<Ride> Waking { get; }

    [Apply<AddUp>(nameof(Waking))]
    [FileSink("/out/waking-totals.csv")]
    public partial Stream<Total> WakingTotals { get; }

    [Apply<CountRides>(nameof(Waking))]
    [FileSink("/out/waking-counts.csv")]
    public partial Stream<UserRides> WakingCounts { get; }

    [SideOutput(nameof(WakingCounts), SideOutputs.Late)]
    [FileSink("/out/waking-late.csv")]
    public partial Stream<Ride> WakingLate { get; }

    [Apply<CountUsersPerMinute>(nameof(WakingCounts))]
    [FileSink("/out/waking-spread.csv")]
    public partial Stream<Spread> WakingSpread { get; }
}
