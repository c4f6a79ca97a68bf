using Penstock;

namespace FlightDelays;

/// <summary>Keeps flights whose origin is an airport code.</summary>
[Operator]
public sealed partial class KnownAirports
{
    [Filter]
    private bool Keep(in Flight flight) => flight.Origin.Length == 3;
}

/// <summary>Adds up the departures of each airport in each hour.</summary>
[Operator, KeyBy(nameof(Flight.Origin)), TumblingWindow("1h")]
public sealed partial class DelaysByAirport
{
    [State] private partial ref int Flights { get; }
    [State] private partial ref long DelaySum { get; }
    [State] private partial ref int DelayMax { get; }

    [Accumulate]
    private void Add(in Flight flight)
    {
        DelayMax = Flights == 0 ? flight.Delay : Math.Max(DelayMax, flight.Delay);
        DelaySum += flight.Delay;
        Flights++;
    }

    [Fire]
    private AirportHour Close(in Window<string> window) => new(window.Key, window.Start, Flights, DelaySum, DelayMax);
}

/// <summary>Converts results to the columns of the output.</summary>
[Operator]
public sealed partial class ToReport
{
    [Map]
    private DelayReport Report(in AirportHour hour) => new(hour.Origin, hour.Start, hour.Flights, hour.DelaySum, hour.DelayMax);
}
