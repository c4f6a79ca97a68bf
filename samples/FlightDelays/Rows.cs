using Penstock;

namespace FlightDelays;

/// <summary>A flight, as in the input.</summary>
public readonly record struct Flight(
    [property: Column(Format = "yyyy-MM-ddTHH:mm")] DateTime Scheduled,
    int Delay,
    int Distance,
    string Origin,
    string Destination);

/// <summary>The departures of one airport in one hour.</summary>
public readonly record struct AirportHour(string Origin, DateTimeOffset Start, int Flights, long DelaySum, int DelayMax);

/// <summary>A row of the output.</summary>
public readonly record struct DelayReport(string Origin, DateTimeOffset WindowStart, int Flights, long DelaySum, int DelayMax);
