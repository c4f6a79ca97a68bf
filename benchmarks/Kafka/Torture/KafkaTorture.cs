using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Penstock.Tests.Shared;

namespace Penstock.Benchmarks.Kafka;

/// <summary>The result of a torture run.</summary>
/// <param name="Kills">The number of kills of the job, by step.</param>
/// <param name="BrokerKills">The number of kills of the broker.</param>
/// <param name="Seconds">The duration in seconds.</param>
/// <param name="Rows">The number of rows of the input.</param>
/// <param name="Hours">The number of rows of windows in the topic.</param>
/// <param name="Counts">The number of counts in the topic.</param>
/// <param name="Problems">The differences from the expected output; empty if there are none.</param>
internal sealed record TortureReport(
    IReadOnlyDictionary<string, int> Kills,
    int BrokerKills,
    double Seconds,
    int Rows,
    int Hours,
    int Counts,
    IReadOnlyList<string> Problems);

/// <summary>
/// Kills the process of a job repeatedly, at random moments and at critical steps, restarts it at once at another parallelism, and kills
/// the broker too. Compares what a consumer of committed messages sees with an expected result that does not come from Penstock.
/// </summary>
/// <param name="lines">The flights.</param>
/// <param name="job">The assembly of the job.</param>
/// <param name="seed">Determines the moments of the kills.</param>
/// <param name="log">Receives messages on the progress.</param>
internal sealed class KafkaTorture(IReadOnlyList<string> lines, string job, int seed, Action<string> log)
{
    private const int Partitions = 3;

    // The approximate time that a process works before it is killed. The rows must last for all processes.
    private const double SecondsOfWork = 1.0;

    private static readonly string[] Places = ["", "", "", "publish", "published", "commit", "committed"];
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _kills = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-torture-").FullName;
    private int _brokerKills;

    /// <summary>Runs a job to its end, with a number of kills.</summary>
    public async Task<TortureReport> RunAsync(int kills)
    {
        var clock = Stopwatch.StartNew();
        await using var broker = await Broker.StartAsync();
        var input = await broker.CreateTopicAsync(Partitions);
        var hours = await broker.CreateTopicAsync(Partitions);
        var counts = await broker.CreateTopicAsync(Partitions);
        Produce(broker, input);
        var rate = Math.Max(200, lines.Count / (kills * SecondsOfWork * 2));
        var finished = false;
        for (var kill = 0; kill < kills && !finished; kill++)
        {
            finished = await LiveAndDieAsync(broker, [input, hours, counts], rate, isBrokerKilled: kill % 2 == 1);
            log(string.Create(
                CultureInfo.InvariantCulture,
                $"kill {kill + 1} of {kills}: {string.Join(", ", _kills.Select(static pair => $"{pair.Key} {pair.Value}"))}; broker {_brokerKills}"));
        }

        using var last = Start(broker, [input, hours, counts], rate: 0, place: "");
        using var timeout = new CancellationTokenSource(Timeout);
        await last.WaitForExitAsync(timeout.Token);
        var problems = finished ? ["the job had finished before it was killed as often as it should be"] : new List<string>();
        if (last.ExitCode != 0)
        {
            problems.Add($"the job ended with exit code {last.ExitCode}");
        }

        var foundHours = Texts(broker, hours);
        var foundCounts = Texts(broker, counts);
        Compare(foundHours, problems);
        CompareCounts(broker.ReadAll(counts), problems);
        Directory.Delete(_folder, recursive: true);
        return new TortureReport(
            _kills,
            _brokerKills,
            clock.Elapsed.TotalSeconds,
            lines.Count,
            foundHours.Count,
            foundCounts.Count,
            problems);
    }

    private static List<string> Texts(Broker broker, string topic) =>
        [.. broker.ReadAll(topic).Select(static message => Encoding.UTF8.GetString(message.Message.Value!))];

    private async Task<bool> LiveAndDieAsync(Broker broker, string[] topics, double rate, bool isBrokerKilled)
    {
        var place = Places[_random.Next(Places.Length)];
        using var process = Start(broker, topics, rate, place);
        if (isBrokerKilled)
        {
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(_random.Next(600, 1800)));
            broker.Kill();
            _brokerKills++;
            await broker.RestartAsync();
        }

        // A process that should die at a step runs until it reaches the step, or for some time.
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(place.Length > 0 ? 8000 : _random.Next(500, 2500)));
        var diedThere = process.HasExited;
        if (diedThere && process.ExitCode == 0)
        {
            return true;
        }

        if (!diedThere)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        var name = diedThere && place.Length > 0 ? place : "random";
        _kills[name] = _kills.GetValueOrDefault(name) + 1;
        return false;
    }

    private Process Start(Broker broker, string[] topics, double rate, string place)
    {
        var parallelism = _random.Next(1, 4);
        var start = new ProcessStartInfo(
            "dotnet",
            [
                job,
                "kafka-job",
                broker.Address,
                .. topics,
                _folder,
                parallelism.ToString(CultureInfo.InvariantCulture),
                rate.ToString("F0", CultureInfo.InvariantCulture),
                place
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Tell(line.Data);
        process.ErrorDataReceived += (_, line) => Tell(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Tell(string? line)
    {
        if (line?.Contains("Exception", StringComparison.Ordinal) == true)
        {
            log("  job: " + line.Trim());
        }
    }

    private void Produce(Broker broker, string topic)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = broker.Address,
            EnableIdempotence = true,
            QueueBufferingMaxMessages = 2_000_000
        }).Build();
        foreach (var line in lines)
        {
            producer.Produce(
                new TopicPartition(topic, TortureOracle.PartitionOf(line, Partitions)),
                new Message<Null, string> { Value = line });
        }

        producer.Flush();
    }

    private void Compare(List<string> found, List<string> problems)
    {
        var expected = TortureOracle.Hours(lines, Partitions)
            .CountBy(static line => line)
            .ToDictionary(static pair => pair.Key, static pair => pair.Value);
        var missing = expected.Keys.Except(found).Count();
        var doubled = found.CountBy(static line => line).Count(pair => expected.TryGetValue(pair.Key, out var times) && pair.Value > times);
        var wrong = found.Count(line => !expected.ContainsKey(line));
        if (missing + doubled + wrong > 0)
        {
            problems.Add($"windows: {missing} missing, {doubled} doubled, {wrong} wrong");
        }
    }

    // Each count of an airport contains the number of rows before it, so that wrong order, loss and duplicates are visible at once.
    private void CompareCounts(IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> found, List<string> problems)
    {
        var last = new Dictionary<string, long>();
        foreach (var message in found)
        {
            var origin = Encoding.UTF8.GetString(message.Message.Key!);
            var count = long.Parse(Encoding.UTF8.GetString(message.Message.Value!), CultureInfo.InvariantCulture);
            if (count != last.GetValueOrDefault(origin) + 1)
            {
                problems.Add($"counts: {origin} has {count} behind {last.GetValueOrDefault(origin)}");
            }

            last[origin] = count;
        }

        foreach (var (origin, expected) in TortureOracle.Counts(lines).Where(pair => last.GetValueOrDefault(pair.Key) != pair.Value))
        {
            problems.Add($"counts: {origin} ends with {last.GetValueOrDefault(origin)} instead of {expected}");
        }
    }
}
