namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>The total of a user up to a ride.</summary>
public readonly record struct Total(string User, int Rides, long Amount);

/// <summary>Rides in files that appear while the pipeline runs.</summary>
[Pipeline]
public sealed partial class InboxPipeline
{
    [FileSource("/inbox/*.csv", Poll = "1s", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Ride.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Ride> Rides { get; }

    [SideOutput(nameof(Rides), SideOutputs.BadRows)]
    [FileSink("/out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }

    [Apply<PaidOnly>(nameof(Rides))]
    public partial Stream<Ride> Paid { get; }

    [Apply<AddUp>(nameof(Paid))]
    [FileSink("/out/totals.csv")]
    public partial Stream<Total> Totals { get; }

    [Apply<CountRides>(nameof(Paid))]
    [FileSink("/out/counts.csv")]
    public partial Stream<UserRides> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("/out/late.csv")]
    public partial Stream<Ride> Late { get; }

    [Apply<CountUsersPerMinute>(nameof(Counts))]
    [FileSink("/out/spread.csv.gz")]
    public partial Stream<Spread> Spread { get; }
}

[Operator, KeyBy(nameof(Ride.User))]
public sealed partial class AddUp
{
    [State] private partial ref int Rides { get; }
    [State] private partial ref long Amount { get; }

    [Process]
    private void OnRide(in Ride ride, ref Output<Total> output) => output.Emit(new Total(ride.User, ++Rides, Amount += ride.Amount));
}
