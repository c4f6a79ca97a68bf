namespace Penstock.Runtime.Tests.Simulation;

/// <summary>Two sources, and unions of all that can be united: streams of one source, which is a diamond, of two sources, of keyed tasks, and of windows.</summary>
[Pipeline]
public sealed partial class MergePipeline
{
    [FileSource("/in/rides-*.csv", OnBadRow = BadRowPolicy.Skip)]
    [EventTime(nameof(Ride.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Ride> Near { get; }

    [FileSource("/far/rides-*.csv", OnBadRow = BadRowPolicy.Skip)]
    [EventTime(nameof(Ride.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Ride> Far { get; }

    [Apply<PaidOnly>(nameof(Near))]
    public partial Stream<Ride> Paid { get; }

    [Apply<TwiceAsMuch>(nameof(Near))]
    public partial Stream<Ride> Doubled { get; }

    [Union(nameof(Paid), nameof(Doubled))]
    [FileSink("/out/diamond.csv")]
    public partial Stream<Ride> Diamond { get; }

    [Union(nameof(Diamond), nameof(Far))]
    public partial Stream<Ride> All { get; }

    [Apply<CountRides>(nameof(All))]
    [FileSink("/out/counts.csv")]
    public partial Stream<UserRides> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("/out/late.csv")]
    public partial Stream<Ride> Late { get; }

    [Apply<CountRides>(nameof(Far))]
    public partial Stream<UserRides> FarCounts { get; }

    [Union(nameof(Counts), nameof(FarCounts))]
    public partial Stream<UserRides> AllCounts { get; }

    [Apply<CountUsersPerMinute>(nameof(AllCounts))]
    [FileSink("/out/spread.csv")]
    public partial Stream<Spread> Spread { get; }

    [Apply<AddUp>(nameof(Near))]
    public partial Stream<Total> NearTotals { get; }

    [Apply<AddUp>(nameof(Far))]
    public partial Stream<Total> FarTotals { get; }

    [Union(nameof(NearTotals), nameof(FarTotals))]
    [FileSink("/out/totals.csv")]
    public partial Stream<Total> Totals { get; }
}
