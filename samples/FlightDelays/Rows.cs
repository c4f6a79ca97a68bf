using Penstock;

namespace FlightDelays;

/// <summary>A flight as it stands in the input.</summary>
public readonly record struct Flight(
    [property: Column(Format = "yyyy-MM-ddTHH:mm")] DateTime Scheduled,
    int Delay,
    int Distance,
    string Origin,
    string Destination);

/// <summary>What one hour of departures looked like at one airport.</summary>
public readonly record struct AirportHour(string Origin, DateTimeOffset Start, int Flights, long DelaySum, int DelayMax);

/// <summary>A row of the answer.</summary>
public readonly record struct DelayReport(string Origin, DateTimeOffset WindowStart, int Flights, long DelaySum, int DelayMax);
