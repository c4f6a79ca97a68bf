using Penstock;

namespace FlightDelays;

/// <summary>Delays by airport and hour of scheduled departure.</summary>
[Pipeline(Name = "FlightDelays")]
public sealed partial class FlightDelaysPipeline
{
    [FileSource("flights.csv")]
    [EventTime(nameof(Flight.Scheduled), MaxDelay = "4h")]
    public partial Stream<Flight> Flights { get; }

    [Apply<KnownAirports>(nameof(Flights))]
    public partial Stream<Flight> Departures { get; }

    [Apply<DelaysByAirport>(nameof(Departures))]
    public partial Stream<AirportHour> Hours { get; }

    [Apply<ToReport>(nameof(Hours))]
    [FileSink("delays.csv")]
    public partial Stream<DelayReport> Delays { get; }

    [SideOutput(nameof(Hours), SideOutputs.Late)]
    [FileSink("late/late.csv")]
    public partial Stream<Flight> LateFlights { get; }
}
