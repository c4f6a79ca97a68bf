using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Penstock.Kafka.Tests;

/// <summary>A value of a sensor.</summary>
public readonly record struct Measurement(string Sensor, long At, int Value);

/// <summary>The values of a sensor in a window, with a computed key.</summary>
public readonly record struct Load([property: Metadata("key")] string Id, string Sensor, long Start, int Count, int Sum);

/// <summary>Windows that fire again, of which a filter keeps only some, as messages by key.</summary>
[Pipeline]
public sealed partial class Loads
{
    [FileSource("in.csv")]
    [EventTime(nameof(Measurement.At), Unit = TimeUnit.Milliseconds, MaxDelay = "1s")]
    public partial Stream<Measurement> Measurements { get; }

    [Apply<LoadOfSensor>(nameof(Measurements))]
    public partial Stream<Load> All { get; }

    [Apply<NotInThrees>(nameof(All))]
    [KafkaSink("loads", Changelog = ChangelogFormat.Upsert)]
    public partial Stream<Load> Some { get; }
}

[Operator, KeyBy(nameof(Measurement.Sensor)), TumblingWindow("10s", AllowedLateness = "20s")]
public sealed partial class LoadOfSensor
{
    [State] private partial ref int Count { get; }
    [State] private partial ref int Sum { get; }

    [Accumulate]
    private void Add(in Measurement measurement)
    {
        Count++;
        Sum += measurement.Value;
    }

    [Fire]
    private Load Close(in Window<string> window) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{window.Key}@{window.StartMicros}"),
            window.Key,
            window.StartMicros / 1_000,
            Count,
            Sum);
}

[Operator]
public sealed partial class NotInThrees
{
    [Filter]
    private static bool Keep(in Load load) => load.Count % 3 != 0;
}

/// <summary>Updates in a topic: the last message of a key counts, and a message without a value deletes the key.</summary>
public sealed class UpsertTests(SharedBroker shared)
{
    private const long Size = 10_000;

    [Theory]
    [InlineData("ExactlyOnce", 1)]
    [InlineData("ExactlyOnce", 2)]
    [InlineData("AtLeastOnce", 2)]
    public async Task What_is_left_of_a_topic_is_what_plain_loops_say(string delivery, int parallelism)
    {
        var topic = await shared.Broker.CreateTopicAsync(partitions: 3);
        var measurements = Measurements(new Random(7), 3_000);
        using var job = new Job<Loads>(shared.Broker.Address)
        {
            ["Sinks:Some:Topic"] = topic,
            ["Sinks:Some:Delivery"] = delivery,
            ["Parallelism"] = $"{parallelism}",
            ["BatchSize"] = "16",
            ["Checkpoints:Interval"] = "20ms",
            ["Sources:Measurements:Rate"] = "20000",
        };
        job["Sources:Measurements:Path"] = job.Write("in.csv", measurements
            .Select(static measurement => Text($"{measurement.Sensor},{measurement.At},{measurement.Value}"))
            .Prepend("sensor,at,value"));
        Assert.Equal(PipelineState.Finished, (await job.RunAsync()).State);

        var messages = shared.Broker.ReadAll(topic);
        Assert.Contains(messages, static message => message.Message.Value == null);
        Assert.Equal(Expected(measurements).Order(StringComparer.Ordinal), Left(messages).Order(StringComparer.Ordinal));
    }

    // All messages of a key are in one partition, in order.
    private static IEnumerable<string> Left(IEnumerable<ConsumeResult<byte[]?, byte[]?>> messages)
    {
        var rows = new Dictionary<string, string>();
        foreach (var message in messages)
        {
            var key = Encoding.UTF8.GetString(message.Message.Key!);
            if (message.Message.Value is { } value)
            {
                var row = JsonDocument.Parse(value).RootElement;
                rows[key] =
                    Text(
                        $"{key} {row.GetProperty("sensor").GetString()} {row.GetProperty("start").GetInt64()} {row.GetProperty("count").GetInt32()} {row.GetProperty("sum").GetInt32()}");
            }
            else
            {
                rows.Remove(key);
            }
        }

        return rows.Values;
    }

    // No measurement is too late, because none is more than twelve seconds behind the newest.
    private static IEnumerable<string> Expected(IEnumerable<Measurement> measurements) => measurements
        .GroupBy(static measurement => (measurement.Sensor, Start: measurement.At / Size * Size))
        .Where(static window => window.Count() % 3 != 0)
        .Select(static window =>
            Text(
                $"{window.Key.Sensor}@{window.Key.Start * 1_000} {window.Key.Sensor} {window.Key.Start} {window.Count()} {window.Sum(static measurement => measurement.Value)}"));

    private static List<Measurement> Measurements(Random random, int count) =>
        [.. Enumerable
            .Range(0, count)
            .Select(number => new Measurement(
                $"s{random.Next(5)}",
                (number * 50) + 12_000 - random.Next(2) * random.Next(12_000),
                random.Next(100)))];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
