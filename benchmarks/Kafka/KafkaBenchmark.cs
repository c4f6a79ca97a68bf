using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Penstock.Kafka;
using Penstock.Tests.Shared;
using Streamiz.Kafka.Net;

namespace Penstock.Benchmarks.Kafka;

/// <summary>Compares Penstock with loops over the same Kafka client, and with itself.</summary>
internal static class KafkaBenchmark
{
    private const int Messages = 1_000_000;
    private const int Partitions = 4;
    private const int Rounds = 3;
    private const int PeerRounds = 2;
    private const double PeerBar = 3;
    private const int LatencyRate = 20_000;
    private const int LatencySeconds = 40;
    private const string LatencyInterval = "10s";

    private static bool _met = true;

    /// <summary>Runs all measurements and prints the figures.</summary>
    /// <returns>Whether every bar was met.</returns>
    public static bool Run()
    {
        AppContext.SetSwitch("Penstock.Kafka.LatencyProbe", false);
        RunAsync().GetAwaiter().GetResult();
        return _met;
    }

    /// <summary>Prints the latencies. They need a separate process, because the probe slows down everything else.</summary>
    public static bool RunLatency()
    {
        AppContext.SetSwitch("Penstock.Kafka.LatencyProbe", true);
        LatencyAsync().GetAwaiter().GetResult();
        return _met;
    }

    private static async Task RunAsync()
    {
        await using var broker = await Broker.StartAsync();
        var topic = await broker.CreateTopicAsync(Partitions);
        Produce(broker.Address, topic, Messages);
        Console.WriteLine("name | value | baseline | ratio | bar | baseline");
        Console.WriteLine("---|---:|---:|---:|---:|---");
        var (source, consume, least, hand, exactly) = (0d, 0d, 0d, 0d, 0d);
        for (var round = 0; round < Rounds; round++)
        {
            consume = Math.Max(consume, Rate(HandWrittenCount.ConsumeOnly(broker.Address, topic, Partitions, Messages)));
            source = Math.Max(source, Rate(await ReadAsync(broker, topic)));
            hand = Math.Max(
                hand,
                Rate(await CheckedAsync(
                    broker,
                    "hand-written",
                    output => Task.FromResult(HandWrittenCount.Run(broker.Address, topic, Partitions, Messages, output)))));
            least = Math.Max(
                least,
                Rate(await CheckedAsync(broker, "at least once", output => CountAsync(broker, topic, output, KafkaDelivery.AtLeastOnce))));
            exactly = Math.Max(
                exactly,
                Rate(await CheckedAsync(broker, "exactly once", output => CountAsync(broker, topic, output, KafkaDelivery.ExactlyOnce))));
        }

        Print("kafka-source-M/s", source, consume, 0.8, "a loop of Consume that parses nothing");
        Print("kafka-count-M/s", least, hand, 1.3, "Consume, JsonSerializer, Dictionary, Produce, commits by hand; both at least once");
        Print("kafka-exactly-once-M/s", exactly, least, 0.85, "the same at least once");
        var (peerLeast, peerExactly) = (0d, 0d);
        for (var round = 0; round < PeerRounds; round++)
        {
            peerLeast = Math.Max(
                peerLeast,
                Rate(await CheckedAsync(
                    broker,
                    "Streamiz, at least once",
                    output => StreamizCount.RunAsync(
                        broker.Address,
                        topic,
                        Partitions,
                        Messages,
                        output,
                        ProcessingGuarantee.AT_LEAST_ONCE))));
            peerExactly = Math.Max(
                peerExactly,
                Rate(await CheckedAsync(
                    broker,
                    "Streamiz, exactly once",
                    output => StreamizCount.RunAsync(
                        broker.Address,
                        topic,
                        Partitions,
                        Messages,
                        output,
                        ProcessingGuarantee.EXACTLY_ONCE))));
        }

        Print("kafka-count-streamiz-M/s", least, peerLeast, PeerBar, "Streamiz.Kafka.Net, both at least once");
        Print("kafka-exactly-once-streamiz-M/s", exactly, peerExactly, PeerBar, "Streamiz.Kafka.Net, both exactly once");
    }

    // A fast run with wrong results does not count.
    private static async Task<TimeSpan> CheckedAsync(Broker broker, string who, Func<string, Task<TimeSpan>> run)
    {
        var output = await broker.CreateTopicAsync(Partitions);
        var time = await run(output);
        Payments.Check(broker.Address, output, Partitions, Messages, who);
        return time;
    }

    private static async Task LatencyAsync()
    {
        await using var broker = await Broker.StartAsync();
        var topic = await broker.CreateTopicAsync();
        var output = await broker.CreateTopicAsync();
        using var host = Host<CountPayments>(broker, [
            ("Sources:Payments:Topics", topic),
            ("Sources:Payments:Until", "Never"),
            ("Sinks:Counts:Topic", output),
            ("Sinks:Counts:Delivery", "AtLeastOnce"),
            ("Checkpoints:Interval", LatencyInterval)
        ]);
        await host.StartAsync();
        await Task.Run(() => Produce(broker.Address, topic, LatencyRate * LatencySeconds, LatencyRate));
        await host.StopAsync();

        // In the first seconds, code is still being compiled.
        var latencies = LatencyProbe.Latencies().Skip(LatencyRate * LatencySeconds / 4).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"messages/s | {LatencyRate} | measured | {latencies.Length}"));
        PrintLatency("p50", latencies, 0.5, 200);
        PrintLatency("p99", latencies, 0.99, 1000);
        PrintLatency("p99.9", latencies, 0.999, null);
        PrintLatency("max", latencies, 1, null);
    }

    private static void Produce(string broker, string topic, int count, int? perSecond = null)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = broker,
            QueueBufferingMaxMessages = 2_000_000,
            LingerMs = perSecond == null ? 5 : 0
        }).Build();
        var clock = Stopwatch.StartNew();
        for (var number = 0; number < count; number++)
        {
            while (perSecond is { } rate && number >= clock.Elapsed.TotalSeconds * rate)
            {
                Thread.Sleep(1);
            }

            producer.Produce(topic, Payments.Message(number));
        }

        producer.Flush();
    }

    private static async Task<TimeSpan> ReadAsync(Broker broker, string topic)
    {
        Passage.Begin(Messages);
        using var host = Host<ReadPayments>(broker, [("Sources:Payments:Topics", topic)]);
        await CompleteAsync(host);
        return Passage.Elapsed;
    }

    // Measured to the end of the last checkpoint, as the hand-written loop is measured to its last commit.
    private static async Task<TimeSpan> CountAsync(Broker broker, string topic, string output, KafkaDelivery delivery)
    {
        Passage.Begin(Messages);
        using var host = Host<CountPayments>(
            broker,
            [("Sources:Payments:Topics", topic), ("Sinks:Counts:Topic", output), ("Sinks:Counts:Delivery", delivery.ToString())]);
        await CompleteAsync(host);
        return Stopwatch.GetElapsedTime(Passage.First);
    }

    private static async Task CompleteAsync(IHost host)
    {
        var status = (await host.RunPipelinesAsync())[0];
        if (status.State != PipelineState.Finished || Passage.Rows != Messages)
        {
            throw new InvalidOperationException($"The pipeline has read {Passage.Rows} rows and is {status.State}.", status.Error);
        }
    }

    private static IHost Host<TPipeline>(Broker broker, (string Name, string Value)[] options)
        where TPipeline : class, IPipeline
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var prefix = $"Penstock:Pipelines:{TPipeline.Plan.Name}:";
        var folder = Directory.CreateTempSubdirectory("penstock-kafka-benchmark-").FullName;
        builder.Configuration.AddInMemoryCollection(
            options.Select(option => KeyValuePair.Create<string, string?>(prefix + option.Name, option.Value)));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Penstock:Kafka:Client:bootstrap.servers"] = broker.Address,
            [prefix + "Checkpoints:Path"] = Path.Combine(folder, "checkpoints"),
        });
        if (!options.Any(static option => option.Name == "Checkpoints:Interval"))
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [prefix + "Checkpoints:Interval"] = "1s" });
        }

        if (typeof(TPipeline) == typeof(ReadPayments))
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                [prefix + "Sinks:None:Path"] = Path.Combine(folder, "none.jsonl")
            });
        }

        builder.AddPipeline<TPipeline>();
        return builder.Build();
    }

    private static double Rate(TimeSpan time) => Messages / time.TotalMicroseconds;

    private static void Print(string name, double value, double baseline, double bar, string what)
    {
        var isMet = value / baseline >= bar;
        _met &= isMet;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"`{name}` | {value:F3} | {baseline:F3} | {value / baseline:F2} | {bar:F2}{(isMet ? "" : " MISSED")} | {what}"));
    }

    private static void PrintLatency(string name, TimeSpan[] latencies, double share, double? bar)
    {
        var micros = latencies[Math.Min(latencies.Length - 1, (int)(latencies.Length * share))].TotalMicroseconds;
        _met &= bar == null || micros < bar;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"`kafka-latency-{name}-us` | {micros:F0} | {(bar == null ? "" : $"< {bar}")}{(bar == null || micros < bar ? "" : " MISSED")}"));
    }
}
