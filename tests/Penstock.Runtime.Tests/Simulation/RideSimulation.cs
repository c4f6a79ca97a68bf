using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Penstock.Hosting;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Simulation;

/// <summary>Runs <see cref="RidePipeline"/> as a seed has it: over several processes that crash, stop, and go on with other options.</summary>
internal static class RideSimulation
{
    private const int MostProcesses = 7;

    /// <summary>Runs a seed.</summary>
    /// <returns>What happened, and in what the output differs from that of the oracle; null where it does not.</returns>
    public static SimulationResult Run(int seed, Action<string>? observe = null)
    {
        var random = new Random(seed);
        var rides = new RideFiles(random);
        var job = new SimulatedJob(PipelineDefinition.Of<RidePipeline>(), random.Next(), Configure) { Observe = observe };
        rides.WriteTo(job.Files);
        var processes = random.Next(1, MostProcesses + 1);
        int[] scales = [30, 200, 1500];
        var scale = scales[random.Next(scales.Length)];
        var hasFinished = false;
        for (var process = 1; process < processes && !hasFinished; process++)
        {
            hasFinished = job.RunProcess(Fate(random, scale)) == ProcessEnd.Finished;
        }

        if (!hasFinished)
        {
            job.RunProcess(default);
        }

        // Once more after the end: a job that has finished stays so.
        var end = job.RunProcess(default);
        return new SimulationResult(seed, job.Steps, job.Crashes, end != ProcessEnd.Finished ? "the job has not finished" : Compare(new RideOracle(rides), job));
    }

    private static ProcessFate Fate(Random random, int scale)
    {
        var at = 1 + (long)(-Math.Log(1 - random.NextDouble()) * scale);
        var hangs = random.Next(8) == 0;
        return new ProcessFate
        {
            HangsFrom = hangs ? at : null,
            CrashBefore = !hangs && random.Next(5) > 0 ? (number, _) => number == at : null,
            StopAt = hangs || random.Next(4) == 0 ? random.NextInt64(1, 2 * at + 1) : null,
            IsPowerCut = random.Next(2) == 0,
            FailureRate = random.Next(3) == 0 ? random.Next(40) : 0,
        };
    }

    private static void Configure(PipelineOptions options, Random random)
    {
        int[] sizes = [1, 2, 7, 64, 1024];
        options.Parallelism = random.Next(1, 4);
        options.BatchSize = sizes[random.Next(sizes.Length)];
        options.ChannelCapacity = random.Next(1, 5);
        options.FlushInterval = TimeSpan.FromMilliseconds(random.Next(3));
        options.Checkpoints.Path = "/checkpoints";
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(random.Next(1, 40));
        options.Checkpoints.Retain = random.Next(1, 4);
        options.Checkpoints.ToleratedFailures = 1000;
        options.Sinks["Counts"] = new SinkOptions { RollSize = random.Next(1, 2000) };
        options.Sources["Rides"] = new SourceOptions { Rate = random.Next(2) == 0 ? random.Next(2_000, 20_000) : null };
    }

    private static string? Compare(RideOracle expected, SimulatedJob job)
    {
        var status = job.Status!;
        return Differ("users", expected.Users, Lines(job.Files, "users"))
            ?? Differ("counts", expected.Counts, Lines(job.Files, "counts"))
            ?? Differ("late", expected.Late, Lines(job.Files, "late"))
            ?? Differ("seats", expected.Seats, LastOfEach(Rows(job.Files, "seats")))
            ?? Differ("results that came twice", [], Rows(job.Files, "seats").GroupBy(static line => line).Where(static line => line.Count() > 1).Select(static line => line.Key))
            ?? Differ("spread", expected.Spread, Lines(job.Files, "spread"))
            ?? Differ("bad", expected.Bad, Lines(job.Files, "bad").Select(static line => string.Join(',', line.Split(',').Take(2))))
            ?? Differ("accounts", [$"{expected.Rows} rows, {expected.LateRows} late, {expected.Bad.Count} bad, {expected.Windows} windows"],
                [$"{status.Rows} rows, {status.Late} late, {status.Bad} bad, {status.Windows} windows"])
            ?? Differ("temporary files", [], job.Files.Files.Where(static path => path.EndsWith(".tmp", StringComparison.Ordinal)));
    }

    // Counts only grow, so that the largest is the last.
    private static IEnumerable<string> LastOfEach(IEnumerable<string> lines) => lines
        .Select(static line => JsonDocument.Parse(line).RootElement)
        .GroupBy(static row => $"{row.GetProperty("user")},{row.GetProperty("start")}")
        .Select(static window => (window.Key, Last: window.MaxBy(static row => row.GetProperty("count").GetInt32())))
        .Select(static window => $"{window.Key},{window.Last.GetProperty("count")},{window.Last.GetProperty("sum")}");

    private static IEnumerable<string> Lines(SimulatedFiles files, string name) => Parts(files, name).SelectMany(static part => part.Skip(1));

    private static IEnumerable<string> Rows(SimulatedFiles files, string name) => Parts(files, name).SelectMany(static part => part);

    private static IEnumerable<string[]> Parts(SimulatedFiles files, string name) => files.Files
        .Where(path => path.StartsWith($"/out/{name}", StringComparison.Ordinal))
        .Select(path => Text(files.ReadAllBytes(path), path).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static string Text(byte[] bytes, string path)
    {
        using var stream = new MemoryStream(bytes);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string? Differ(string what, IEnumerable<string> expected, IEnumerable<string> found)
    {
        var left = expected.Order(StringComparer.Ordinal).ToList();
        var right = found.Order(StringComparer.Ordinal).ToList();
        if (left.SequenceEqual(right))
        {
            return null;
        }

        var missing = left.GroupBy(static line => line).Where(line => line.Count() > right.Count(other => other == line.Key)).Select(static line => line.Key).ToList();
        var extra = right.GroupBy(static line => line).Where(line => line.Count() > left.Count(other => other == line.Key)).Select(static line => line.Key).ToList();
        return $"{what}: {missing.Count} missing ({string.Join(" | ", missing.Take(3))}), {extra.Count} too many ({string.Join(" | ", extra.Take(3))})";
    }
}

/// <summary>What became of a seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Crashes">How many crashes there were.</param>
/// <param name="Difference">In what the output differs; null where it is right.</param>
internal sealed record SimulationResult(int Seed, long Steps, int Crashes, string? Difference);
