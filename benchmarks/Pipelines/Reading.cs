using FlightDelays;

namespace Penstock.Benchmarks.Pipelines;

/// <summary>Reads flights from CSV and drops them.</summary>
[Pipeline]
public sealed partial class ReadCsvPipeline
{
    /// <summary>The flights.</summary>
    [FileSource("flights.csv")]
    [Sink<DiscardSink<Flight>>]
    public partial Stream<Flight> Flights { get; }
}

/// <summary>Reads flights from JSON Lines and drops them.</summary>
[Pipeline]
public sealed partial class ReadJsonPipeline
{
    /// <summary>The flights.</summary>
    [FileSource("flights.jsonl")]
    [Sink<DiscardSink<Flight>>]
    public partial Stream<Flight> Flights { get; }
}
