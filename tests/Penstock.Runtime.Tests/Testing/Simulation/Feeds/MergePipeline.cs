using Penstock.Runtime.Tests.Testing.Simulation.Rides;

namespace Penstock.Runtime.Tests.Testing.Simulation.Feeds;

/// <summary>
/// Two sources, and unions of everything that can be united: streams of one source, which is a diamond, of two sources, of keyed tasks, and
/// of windows. There are also operators with side outputs: one goes to a file and one to a keyed task; streams
/// of distinct, first and last rows, and of rows in the order of time; an operator with two inputs and timers; and asynchronous calls
/// behind a union and behind a source.
/// </summary>
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

    [Union(nameof(Diamond), nameof(Far), Prefer = nameof(Far))]
    public partial Stream<Ride> All { get; }

    [Apply<AskInOrder>(nameof(All))]
    public partial Stream<Ride> Asked { get; }

    [Apply<CountRides>(nameof(Asked))]
    [FileSink("/out/counts.csv")]
    public partial Stream<UserRides> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("/out/late.csv")]
    public partial Stream<Ride> Late { get; }

    [Apply<AskInAnyOrder>(nameof(Far))]
    public partial Stream<Ride> FarAsked { get; }

    [Apply<CountRides>(nameof(FarAsked))]
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

    [Apply<FreeAside>(nameof(All))]
    [FileSink("/out/priced.csv")]
    public partial Stream<Ride> Priced { get; }

    [SideOutput(nameof(Priced), "free")]
    public partial Stream<Ride> Free { get; }

    [Apply<CountRides>(nameof(Free))]
    [FileSink("/out/freecounts.csv")]
    public partial Stream<UserRides> FreeCounts { get; }

    [Distinct(nameof(Far), Unbounded = true)]
    [KeyBy(nameof(Ride.User), nameof(Ride.Amount))]
    [FileSink("/out/firstfares.csv")]
    public partial Stream<Ride> FirstFares { get; }

    [Distinct(nameof(Near), Ttl = "16s")]
    [KeyBy(nameof(Ride.User))]
    [FileSink("/out/nearusers.csv")]
    public partial Stream<Ride> NearUsers { get; }

    [KeepLast(nameof(Near), Ttl = "16s")]
    [KeyBy(nameof(Ride.User))]
    [FileSink("/out/lastrides.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Ride> LastRides { get; }

    [KeepFirst(nameof(Far), OrderBy = nameof(Ride.Amount), Unbounded = true)]
    [KeyBy(nameof(Ride.User))]
    [FileSink("/out/cheapest.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Ride> Cheapest { get; }

    [SortByTime(nameof(Far))]
    public partial Stream<Ride> FarInOrder { get; }

    [Apply<AddUp>(nameof(FarInOrder))]
    [FileSink("/out/farinorder.csv")]
    public partial Stream<Total> FarTotalsInOrder { get; }

    [SortByTime(nameof(Near))]
    [KeyBy(nameof(Ride.User))]
    public partial Stream<Ride> NearInOrder { get; }

    [SideOutput(nameof(NearInOrder), SideOutputs.Late)]
    [FileSink("/out/outoforder.csv")]
    public partial Stream<Ride> OutOfOrder { get; }

    [Apply<AddUp>(nameof(NearInOrder))]
    [FileSink("/out/nearinorder.csv")]
    public partial Stream<Total> NearTotalsInOrder { get; }

    [Apply<MeetRides>(nameof(Near), nameof(FarTotals), Prefer = nameof(Near))]
    [FileSink("/out/meetings.csv")]
    public partial Stream<Meeting> Meetings { get; }

    [Apply<EveryThird>(nameof(Near))]
    [FileSink("/out/thirds.csv")]
    public partial Stream<Total> Thirds { get; }

    [SideOutput(nameof(Thirds), "others")]
    [FileSink("/out/others.jsonl")]
    public partial Stream<Ride> Others { get; }
}

/// <summary>Passes rides on after a number of further steps, in their order.</summary>
[Operator]
public sealed partial class AskInOrder
{
    [AsyncMap(Concurrency = 5, Timeout = "1d")]
    private static async ValueTask<Ride> AskAsync(Ride ride, CancellationToken cancellation)
    {
        for (var step = 0; step < Math.Abs(ride.Amount) % 3; step++)
        {
            await Task.Yield();
        }

        return ride;
    }
}

/// <summary>Passes rides on after a number of further steps, as soon as possible.</summary>
[Operator]
public sealed partial class AskInAnyOrder
{
    [AsyncMap(Concurrency = 4, Order = AsyncOrder.Completion, Timeout = "1d")]
    private static async ValueTask<Ride> AskAsync(Ride ride, CancellationToken cancellation)
    {
        for (var step = 0; step < Math.Abs(ride.Amount) % 4; step++)
        {
            await Task.Yield();
        }

        return ride;
    }
}

/// <summary>Sends rides without a price to a side output.</summary>
[Operator]
public sealed partial class FreeAside
{
    [FlatMap]
    private static void Sort(in Ride ride, ref Output<Ride> output, ref Output<Ride> free)
    {
        if (ride.Amount > 0)
        {
            output.Emit(ride);
        }
        else
        {
            free.Emit(ride);
        }
    }
}

/// <summary>What two sources have of a user.</summary>
public readonly record struct Meeting(string User, int Near, int Far, long Amount);

/// <summary>Adds up the rows of two inputs, and reports the sums when both have ended.</summary>
[Operator, KeyBy(nameof(Ride.User))]
public sealed partial class MeetRides
{
    private const long Never = 4_102_444_800_000_000;

    [State] private partial ref Meeting Sums { get; }

    [Process]
    private void OnRide(in Ride ride, in Context context, ref Output<Meeting> output)
    {
        Sums = Sums with { Near = Sums.Near + 1, Amount = Sums.Amount + ride.Amount };
        context.Timers.Set(Never);
    }

    [Process]
    private void OnTotal(in Total total, in Context context, ref Output<Meeting> output)
    {
        Sums = Sums with { Far = Sums.Far + 1, Amount = Sums.Amount + total.Amount };
        context.Timers.Set(Never);
    }

    [OnTimer]
    private void OnTimer(in Timer<string> timer, ref Output<Meeting> output) => output.Emit(Sums with { User = timer.Key });
}

/// <summary>Reports every third ride of a user, and sends the others to a side output.</summary>
[Operator, KeyBy(nameof(Ride.User))]
public sealed partial class EveryThird
{
    [State] private partial ref int Rides { get; }
    [State] private partial ref long Amount { get; }

    [Process]
    private void OnRide(in Ride ride, ref Output<Total> output, ref Output<Ride> others)
    {
        Amount += ride.Amount;
        if (++Rides % 3 == 0)
        {
            output.Emit(new Total(ride.User, Rides, Amount));
        }
        else
        {
            others.Emit(ride);
        }
    }
}
