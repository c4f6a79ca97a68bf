using System.Globalization;
using FlightDelays;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Kafka;

public readonly record struct OriginCount([property: Metadata("key")] string Origin, long Count);

/// <summary>Counts the flights of each airport, and emits the count with each flight.</summary>
[Operator, KeyBy(nameof(Flight.Origin))]
public sealed partial class CountFlights
{
    [State] private partial ref long Count { get; }

    [Process] private void Add(in Flight flight, ref Output<OriginCount> output) => output.Emit(new OriginCount(flight.Origin, ++Count));
}

/// <summary>Reads flights from Kafka, and writes hourly windows and a running count of each airport to Kafka.</summary>
[Pipeline]
public sealed partial class TorturePipeline
{
    [KafkaSource("flights", Format = MessageFormat.Csv, Until = KafkaEnd.Latest)]
    [EventTime(nameof(Flight.Scheduled), MaxDelay = "4h")]
    public partial Stream<Flight> Flights { get; }

    [Apply<DelaysByAirport>(nameof(Flights))]
    [KafkaSink("hours", Key = nameof(AirportHour.Origin), Format = MessageFormat.Csv)]
    public partial Stream<AirportHour> Hours { get; }

    [Apply<CountFlights>(nameof(Flights))]
    [KafkaSink("counts", Format = MessageFormat.Csv)]
    public partial Stream<OriginCount> Counts { get; }
}

/// <summary>The process that is killed: it runs the pipeline until it has finished, or dies at a given step.</summary>
internal static class TortureJob
{
    /// <summary>Runs the process.</summary>
    /// <param name="args">
    /// Broker, topics (flights, hours, counts), folder, parallelism, rows per second (0 for no limit), and the step at which to die.
    /// </param>
    public static int Run(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        const string Pipeline = "Penstock:Pipelines:TorturePipeline:";
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Penstock:Kafka:Client:bootstrap.servers"] = args[0],
            [Pipeline + "Sources:Flights:Topics"] = args[1],
            [Pipeline + "Sinks:Hours:Topic"] = args[2],
            [Pipeline + "Sinks:Counts:Topic"] = args[3],
            [Pipeline + "Checkpoints:Path"] = "dying://" + args[4],
            [Pipeline + "Checkpoints:Interval"] = "200ms",
            [Pipeline + "Parallelism"] = args[5],
            [Pipeline + "Restart:Delay"] = "100ms",
            [Pipeline + "Restart:MaxDelay"] = "1s",
        });
        if (double.Parse(args[6], CultureInfo.InvariantCulture) > 0)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [Pipeline + "Sources:Flights:Rate"] = args[6] });
        }

        builder.Logging.AddSimpleConsole();
        builder.Services.AddSingleton<ICheckpointStorageProvider>(new DyingStorageProvider(args[7]));
        builder.AddPipeline<TorturePipeline>();
        builder.Build().RunPipelinesAsync().GetAwaiter().GetResult();
        return Environment.ExitCode;
    }
}
