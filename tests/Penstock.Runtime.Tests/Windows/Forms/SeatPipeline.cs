namespace Penstock.Runtime.Tests.Windows.Forms;

/// <summary>A seat that was booked, on a flight and at a fare: a key with two parts that can be written in several forms.</summary>
public readonly record struct Seat(DateTimeOffset Departs, decimal Fare, DateTimeOffset At);

/// <summary>The seats of a window.</summary>
public readonly record struct Seats(DateTimeOffset Departs, decimal Fare, DateTimeOffset Start, DateTimeOffset End, int Count);

[Operator, KeyBy(nameof(Seat.Departs), nameof(Seat.Fare)), TumblingWindow("10s", AllowedLateness = "15s")]
public sealed partial class FoldedSeats
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Seat seat) => Count++;

    [Fire]
    private Seats Close(in Window<(DateTimeOffset Departs, decimal Fare)> window) =>
        new(window.Key.Departs, window.Key.Fare, window.Start, window.End, Count);
}

/// <summary>Windows with state beyond them, which fire for each late row.</summary>
[Operator, KeyBy(nameof(Seat.Departs), nameof(Seat.Fare)), TumblingWindow("10s", AllowedLateness = "15s")]
public sealed partial class UnfoldedSeats
{
    [State] private partial ref int Count { get; }
    [State(Scope = StateScope.Key)] private partial ref int Total { get; }

    [Accumulate]
    private void Add(in Seat seat) => (Count, Total) = (Count + 1, Total + 1);

    [Fire]
    private Seats Close(in Window<(DateTimeOffset Departs, decimal Fare)> window) =>
        new(window.Key.Departs, window.Key.Fare, window.Start, window.End, Count);
}

[Operator, KeyBy(nameof(Seat.Departs), nameof(Seat.Fare)), SlidingWindow("12s", Slide = "3s", AllowedLateness = "7s")]
public sealed partial class SlidingSeats
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Seat seat) => Count++;

    [Merge]
    private void Merge(in Accumulator other) => Count += other.Count;

    [Fire]
    private Seats Close(in Window<(DateTimeOffset Departs, decimal Fare)> window) =>
        new(window.Key.Departs, window.Key.Fare, window.Start, window.End, Count);
}

/// <summary>Sliding windows that fire once.</summary>
[Operator, KeyBy(nameof(Seat.Departs), nameof(Seat.Fare)), SlidingWindow("12s", Slide = "3s")]
public sealed partial class SlidingSeatsOnce
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Seat seat) => Count++;

    [Merge]
    private void Merge(in Accumulator other) => Count += other.Count;

    [Fire]
    private Seats Close(in Window<(DateTimeOffset Departs, decimal Fare)> window) =>
        new(window.Key.Departs, window.Key.Fare, window.Start, window.End, Count);
}

[Operator, KeyBy(nameof(Seat.Departs), nameof(Seat.Fare)), CumulativeWindow("12s", Step = "4s", AllowedLateness = "9s")]
public sealed partial class GrowingSeats
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Seat seat) => Count++;

    [Merge]
    private void Merge(in Accumulator other) => Count += other.Count;

    [Fire]
    private Seats Close(in Window<(DateTimeOffset Departs, decimal Fare)> window) =>
        new(window.Key.Departs, window.Key.Fare, window.Start, window.End, Count);
}

[Operator]
public sealed partial class OddSeats
{
    [Filter]
    private static bool Keep(in Seats seats) => seats.Count % 2 == 1;
}

/// <summary>Windows over keys of which each row may have another form.</summary>
[Pipeline]
public sealed partial class SeatPipeline
{
    [FileSource("seats.csv"), EventTime(nameof(Seat.At), MaxDelay = "1s")]
    public partial Stream<Seat> All { get; }

    [Apply<FoldedSeats>(nameof(All)), FileSink("folded.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Seats> Folded { get; }

    [Apply<OddSeats>(nameof(Folded)), FileSink("odd.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Seats> Odd { get; }

    [Apply<UnfoldedSeats>(nameof(All)), FileSink("unfolded.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Seats> Unfolded { get; }

    [Apply<SlidingSeats>(nameof(All)), FileSink("sliding.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Seats> Sliding { get; }

    [Apply<SlidingSeatsOnce>(nameof(All)), FileSink("once.csv")]
    public partial Stream<Seats> Once { get; }

    [Apply<GrowingSeats>(nameof(All)), FileSink("growing.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Seats> Growing { get; }
}
