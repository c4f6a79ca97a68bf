namespace Flights;

public readonly record struct Flight(
    [Column("FL_DATE", Format = "yyyy-MM-ddTHH:mm")] DateTime Scheduled,
    string Origin,
    string Destination,
    int? Delay,
    bool Cancelled);

public readonly record struct OriginHour(string Origin, DateTimeOffset Start, int Count, long DelaySum);

public readonly record struct DelayReport(string Origin, DateTimeOffset WindowStart, int Flights, double Average);

[Operator]
public sealed partial class KnownAirports
{
    [Filter]
    private static bool Keep(in Flight flight) => flight.Origin.Length == 3 && !flight.Cancelled;
}

[Operator, KeyBy(nameof(Flight.Origin)), TumblingWindow("1h")]
public sealed partial class DelaysByOrigin
{
    [State] private partial ref int Count { get; }

    [State] private partial ref long DelaySum { get; }

    [Accumulate]
    private void Add(in Flight flight)
    {
        Count++;
        DelaySum += flight.Delay ?? 0;
    }

    [Fire]
    private OriginHour Close(in Window<string> window) => new(window.Key, window.Start, Count, DelaySum);
}

[Operator]
public sealed partial class ToReport
{
    [Map]
    private static DelayReport Convert(in OriginHour hour) => new(hour.Origin, hour.Start, hour.Count, (double)hour.DelaySum / hour.Count);
}

[Pipeline]
public sealed partial class FlightDelays
{
    [FileSource("flights.csv")]
    [EventTime(nameof(Flight.Scheduled), MaxDelay = "2h")]
    public partial Stream<Flight> Flights { get; }

    [Apply<KnownAirports>(nameof(Flights))]
    public partial Stream<Flight> Departures { get; }

    [Apply<DelaysByOrigin>(nameof(Departures))]
    public partial Stream<OriginHour> Hours { get; }

    [Apply<ToReport>(nameof(Hours))]
    [FileSink("delays.csv")]
    public partial Stream<DelayReport> Delays { get; }

    [SideOutput(nameof(Hours), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Flight> LateFlights { get; }
}
