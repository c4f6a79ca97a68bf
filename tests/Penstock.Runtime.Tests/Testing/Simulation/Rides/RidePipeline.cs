namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>A ride of a user.</summary>
public readonly record struct Ride(string User, long At, int Amount);

/// <summary>The state of a user after a ride.</summary>
public readonly record struct UserState(string User, int Rides, int Amounts, int LastThree, int Most, int Recent);

/// <summary>The rides of a user in a window.</summary>
public readonly record struct UserRides(string User, long Start, int Count, long Sum);

/// <summary>The rides of a user since the start of several windows.</summary>
public readonly record struct RidesSoFar(string User, long End, int Count, int Most);

/// <summary>The number of users with a number of rides in a window.</summary>
public readonly record struct Spread(int Count, long Start, int Users);

/// <summary>Windows of a user that follow each other, with the end of the last one.</summary>
public readonly record struct Streak(string User, long End, int Windows);

/// <summary>Every kind of operator, state and side output, and a task in the middle, from text to text.</summary>
[Pipeline]
public sealed partial class RidePipeline
{
    [FileSource("/in/rides-*.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Ride.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Ride> Rides { get; }

    [SideOutput(nameof(Rides), SideOutputs.BadRows)]
    [FileSink("/out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }

    [Apply<PaidOnly>(nameof(Rides))]
    public partial Stream<Ride> Paid { get; }

    [Apply<TwiceAsMuch>(nameof(Paid)), Parallelism(2)]
    public partial Stream<Ride> Doubled { get; }

    [Apply<OnePerSeat>(nameof(Doubled))]
    public partial Stream<Ride> Seats { get; }

    [Apply<FollowUser>(nameof(Paid))]
    [FileSink("/out/users.csv")]
    public partial Stream<UserState> Users { get; }

    [Apply<CountRides>(nameof(Doubled))]
    [FileSink("/out/counts.csv")]
    public partial Stream<UserRides> Counts { get; }

    [Apply<StreaksOfWindows>(nameof(Counts))]
    [FileSink("/out/streaks.csv")]
    public partial Stream<Streak> Streaks { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("/out/late.csv")]
    public partial Stream<Ride> Late { get; }

    [Apply<CountLastRides>(nameof(Doubled))]
    [FileSink("/out/last.csv")]
    public partial Stream<UserRides> LastRides { get; }

    [Apply<CountRidesSoFar>(nameof(Doubled))]
    [FileSink("/out/sofar.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<RidesSoFar> RidesSoFar { get; }

    [Apply<CountTrips>(nameof(Doubled))]
    [FileSink("/out/trips.csv")]
    public partial Stream<UserRides> Trips { get; }

    [Apply<CountSeats>(nameof(Seats))]
    [FileSink("/out/seats.jsonl", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<UserRides> SeatCounts { get; }

    [Apply<NotInThrees>(nameof(SeatCounts))]
    public partial Stream<UserRides> Uneven { get; }

    [Apply<TwiceTheSum>(nameof(Uneven))]
    [FileSink("/out/uneven.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<UserRides> UnevenSums { get; }

    [Apply<CountUsersPerMinute>(nameof(Counts))]
    [FileSink("/out/spread.csv.gz")]
    public partial Stream<Spread> Spread { get; }
}

[Operator]
public sealed partial class PaidOnly
{
    [Filter]
    private static bool IsPaid(in Ride ride) => ride.Amount > 0;
}

[Operator]
public sealed partial class TwiceAsMuch
{
    [Map]
    private static Ride Double(in Ride ride) => ride with { Amount = ride.Amount * 2 };
}

[Operator]
public sealed partial class OnePerSeat
{
    [FlatMap]
    private static void Split(in Ride ride, ref Output<Ride> output)
    {
        for (var seat = 0; seat < ride.Amount % 3; seat++)
        {
            output.Emit(ride with { Amount = 1 });
        }
    }
}

public readonly struct Largest : IReducer<int>
{
    public static int Reduce(int left, int right) => Math.Max(left, right);
}

/// <summary>State of every form, one of which expires after four seconds.</summary>
[Operator, KeyBy(nameof(Ride.User))]
public sealed partial class FollowUser
{
    [State] private partial ref int Rides { get; }
    [State] private partial MapState<int, int> Amounts { get; }
    [State] private partial ListState<int> Last { get; }
    [State] private partial ReducingState<int, Largest> Most { get; }
    [State(Ttl = "4s")] private partial ref int Recent { get; }

    [Process]
    private void OnRide(in Ride ride, ref Output<UserState> output)
    {
        Amounts.GetOrAdd(ride.Amount)++;
        if (Last.Count == 3)
        {
            for (var index = 1; index < 3; index++)
            {
                Last[index - 1] = Last.Get(index);
            }

            Last.RemoveLast();
        }

        Last.Add(ride.Amount);
        Most.Add(ride.Amount);
        var sum = 0;
        foreach (var amount in Last)
        {
            sum += amount;
        }

        output.Emit(new UserState(ride.User, ++Rides, Amounts.Count, sum, Most.Value, ++Recent));
    }
}

[Operator, KeyBy(nameof(Ride.User)), TumblingWindow("10s")]
public sealed partial class CountRides
{
    [State] private partial ref int Count { get; }
    [State] private partial ref long Sum { get; }

    [Accumulate]
    private void Add(in Ride ride)
    {
        Count++;
        Sum += ride.Amount;
    }

    [Fire]
    private UserRides Close(in Window<string> window) => new(window.Key, window.Start.ToUnixTimeSeconds(), Count, Sum);
}

/// <summary>Sees the windows of a user in the order of time, by a timer for each; another timer ends the streak.</summary>
[Operator, KeyBy(nameof(UserRides.User))]
public sealed partial class StreaksOfWindows
{
    private const long Second = 1_000_000;
    private const long Pause = 25 * Second;

    [State] private partial MapState<long, int> Waiting { get; }
    [State] private partial ref long Last { get; }
    [State] private partial ref int Windows { get; }

    [Process]
    private void OnWindow(in UserRides rides, in Context context, ref Output<Streak> output)
    {
        var end = (rides.Start + 10) * Second;
        Waiting.GetOrAdd(end)++;
        context.Timers.Set(end);
    }

    [OnTimer]
    private void OnTimer(in Timer<string> timer, in Context context, ref Output<Streak> output)
    {
        if (Waiting.Remove(timer.TimeMicros))
        {
            // Ends of windows are multiples of ten seconds, and ends of streaks are not.
            context.Timers.Delete(Last + Pause);
            Windows++;
            Last = timer.TimeMicros;
            context.Timers.Set(Last + Pause);
        }
        else
        {
            output.Emit(new Streak(timer.Key, Last / Second, Windows));
            Windows = 0;
        }
    }
}

/// <summary>Rows that are late for the first windows with them count in the others.</summary>
[Operator, KeyBy(nameof(Ride.User)), SlidingWindow("12s", Slide = "3s")]
public sealed partial class CountLastRides
{
    [State] private partial ref int Count { get; }
    [State] private partial ref long Sum { get; }

    [Accumulate]
    private void Add(in Ride ride)
    {
        Count++;
        Sum += ride.Amount;
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Count += other.Count;
        Sum += other.Sum;
    }

    [Fire]
    private UserRides Close(in Window<string> window) => new(window.Key, window.Start.ToUnixTimeSeconds(), Count, Sum);
}

[Operator, KeyBy(nameof(Ride.User)), CumulativeWindow("20s", Step = "5s", AllowedLateness = "5s")]
public sealed partial class CountRidesSoFar
{
    [State] private partial ref int Count { get; }
    [State] private partial ReducingState<int, Largest> Most { get; }

    [Accumulate]
    private void Add(in Ride ride)
    {
        Count++;
        Most.Add(ride.Amount);
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Count += other.Count;
        if (other.Most.HasValue)
        {
            Most.Add(other.Most.Value);
        }
    }

    [Fire]
    private RidesSoFar Close(in Window<string> window) => new(window.Key, window.End.ToUnixTimeSeconds(), Count, Most.Value);
}

/// <summary>Rides that follow each other within three seconds.</summary>
[Operator, KeyBy(nameof(Ride.User)), SessionWindow("3s")]
public sealed partial class CountTrips
{
    [State] private partial ref int Count { get; }
    [State] private partial ref long Sum { get; }

    [Accumulate]
    private void Add(in Ride ride)
    {
        Count++;
        Sum += ride.Amount;
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Count += other.Count;
        Sum += other.Sum;
    }

    [Fire]
    private UserRides Close(in Window<string> window) => new(window.Key, window.StartMicros, Count, Sum);
}

/// <summary>Fires again for rows that are up to five seconds late.</summary>
[Operator, KeyBy(nameof(Ride.User)), TumblingWindow("10s", AllowedLateness = "5s")]
public sealed partial class CountSeats
{
    [State] private partial ref int Count { get; }
    [State] private partial MapState<int, int> Amounts { get; }

    [Accumulate]
    private void Add(in Ride ride)
    {
        Count++;
        Amounts.GetOrAdd(ride.Amount)++;
    }

    [Fire]
    private UserRides Close(in Window<string> window) =>
        new(window.Key, window.Start.ToUnixTimeSeconds(), Count, Amounts.TryGetValue(1, out var ones) ? ones : 0);
}

/// <summary>Inserts and deletes rows because of late rows.</summary>
[Operator]
public sealed partial class NotInThrees
{
    [Filter]
    private static bool Keep(in UserRides rides) => rides.Count % 3 != 0;
}

[Operator]
public sealed partial class TwiceTheSum
{
    [Map]
    private static UserRides Double(in UserRides rides) => rides with { Sum = rides.Sum * 2 };
}

/// <summary>Windows over windows.</summary>
[Operator, KeyBy(nameof(UserRides.Count)), TumblingWindow("1m")]
public sealed partial class CountUsersPerMinute
{
    [State] private partial ref int Users { get; }

    [Accumulate]
    private void Add(in UserRides rides) => Users++;

    [Fire]
    private Spread Close(in Window<int> window) => new(window.Key, window.Start.ToUnixTimeSeconds(), Users);
}
