using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Penstock.Tests.Shared;

namespace Penstock.Benchmarks.Kafka;

/// <summary>What a torture came to.</summary>
/// <param name="Kills">How often the job was killed, by place.</param>
/// <param name="BrokerKills">How often the broker was.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Rows">The rows of the input.</param>
/// <param name="Hours">The rows of windows in the topic.</param>
/// <param name="Counts">The counts in the topic.</param>
/// <param name="Problems">What is wrong with the answer; nothing when all is well.</param>
internal sealed record TortureReport(
    IReadOnlyDictionary<string, int> Kills,
    int BrokerKills,
    double Seconds,
    int Rows,
    int Hours,
    int Counts,
    IReadOnlyList<string> Problems);

/// <summary>
/// Kills the process of a job again and again, at random moments and at the places that matter, starts it again at once and at another
/// parallelism, kills the broker too, and compares what a consumer of committed messages sees with an answer that was worked out otherwise.
/// </summary>
/// <param name="lines">The flights.</param>
/// <param name="job">The assembly with the job.</param>
/// <param name="seed">Makes the moments of the kills.</param>
/// <param name="log">Tells what happens.</param>
internal sealed class KafkaTorture(IReadOnlyList<string> lines, string job, int seed, Action<string> log)
{
    private const int Partitions = 3;

    // What a process does in a life, about: so the rows last for all of them.
    private const double SecondsOfWork = 1.0;

    private static readonly string[] Places = ["", "", "", "publish", "published", "commit", "committed"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int> _kills = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-torture-").FullName;
    private int _brokerKills;

    /// <summary>Runs a job to its end, through so many deaths.</summary>
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
        using var patience = new CancellationTokenSource(Patience);
        await last.WaitForExitAsync(patience.Token);
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

        // A process that is to die at a place lives until it gets there, or a while.
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

    // Each count of an airport says how many there were before it, so that order, loss and doubling show in one look.
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
