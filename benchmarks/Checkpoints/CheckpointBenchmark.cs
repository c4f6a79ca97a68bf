using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Checkpoints;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>Measures the cost of checkpoints of a gigabyte of state while a pipeline runs at full speed.</summary>
internal static class CheckpointBenchmark
{
    private const long Keys = 10_000_000;
    private const int Checkpoints = 20;

    private static bool _met = true;

    /// <summary>Runs all measurements and prints the figures.</summary>
    /// <returns>Whether every bar was met.</returns>
    public static bool Run()
    {
        RunAsync().GetAwaiter().GetResult();
        return _met;
    }

    private static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-checkpoints-").FullName;
        Console.WriteLine("name | value | baseline | ratio | bar");
        Console.WriteLine("---|---:|---:|---:|---:");
        var perEntry = MemoryPerEntry.Measure(Keys);
        Print("memory-per-entry-B", perEntry, 8 + 16, perEntry <= 48, "<= 48 bytes");
        var meter = new PauseMeter();
        var load = new UpdateLoad { Accounts = Keys, Active = Keys };
        var services = new ServiceCollection().AddSingleton(meter).AddSingleton(load).BuildServiceProvider();
        long bytes;
        await using (var pipeline = await RunningPipeline.StartAsync<WideStatePipeline>(folder, services))
        {
            await pipeline.RunRowsAsync(Keys * 2);
            await PausesAsync(pipeline, meter);
            await ThroughputAsync(pipeline, 1);
            await ThroughputAsync(pipeline, 10);
            bytes = await ChangesAsync(pipeline, load);
            await MemoryAsync(pipeline);
            Beside(meter, folder);
            load.IsPaused = true;
            await FullAsync(pipeline, folder, bytes);
        }

        await RestoreAsync(folder, services);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task PausesAsync(RunningPipeline pipeline, PauseMeter meter)
    {
        var barrier = new List<double>();
        var whole = new List<double>();
        var noise = new List<double>();
        var durations = new List<TimeSpan>();
        pipeline.PassedBarrier = () => barrier.Add(meter.Take());
        await pipeline.CheckpointAsync();
        barrier.Clear();
        var (stolen, stolenBeside) = (0d, 0d);
        for (var round = 0; round < Checkpoints; round++)
        {
            var clock = Stopwatch.StartNew();
            meter.Take();
            var before = StolenTime();
            await pipeline.CheckpointAsync();
            whole.Add(Math.Max(barrier[^1], meter.Take()));
            stolen += StolenTime() - before;
            durations.Add(clock.Elapsed);

            // The same duration without a checkpoint, for comparison.
            meter.Take();
            before = StolenTime();
            await Task.Delay(durations[^1]);
            noise.Add(meter.Take());
            stolenBeside += StolenTime() - before;
        }

        foreach (var (name, share) in ((string, double)[])[("p50", 0.5), ("p99", 0.99), ("max", 1)])
        {
            var floor = At(noise, share);
            double? limit = name switch { "p99" => 5, "max" => 20, _ => null };
            Print(
                $"pause-barrier-{name}-ms",
                At(barrier, share),
                floor,
                limit == null ? null : At(barrier, share) - floor < limit,
                Bar(limit));
            Print($"pause-whole-{name}-ms", At(whole, share), floor, limit == null ? null : At(whole, share) - floor < limit, Bar(limit));
        }

        // The pipeline does not cause pauses in which the host suspends this machine. The host suspends two busy processors more often than
        // one.
        Print("stolen-by-the-host-ms", stolen, stolenBeside, null, "");
        Print("checkpoint-seconds", durations.Average(duration => duration.TotalSeconds), null, null, "");
    }

    // The effect of another thread that writes a plain file, on a pipeline without a checkpoint.
    private static void Beside(PauseMeter meter, string folder)
    {
        var pauses = new List<double>();
        for (var round = 0; round < Checkpoints; round++)
        {
            meter.Take();
            PlainFiles.WriteFor(Path.Combine(folder, "beside"), TimeSpan.FromSeconds(1));
            pauses.Add(meter.Take());
        }

        Print("pause-beside-a-plain-writer-p50-ms", At(pauses, 0.5), null, null, "");
        Print("pause-beside-a-plain-writer-max-ms", At(pauses, 1), null, null, "");
    }

    private static async Task ThroughputAsync(RunningPipeline pipeline, int seconds)
    {
        const int Rounds = 3;
        var with = 0d;
        var without = 0d;
        for (var round = 0; round < Rounds; round++)
        {
            without = Math.Max(without, await RateAsync(pipeline, seconds, isTaken: false));
            with = Math.Max(with, await RateAsync(pipeline, seconds, isTaken: true));
        }

        Print(
            $"throughput-every-{seconds}s-M-rows/s",
            with,
            without,
            seconds < 10 ? null : with / without >= 0.95,
            seconds < 10 ? "" : "0.95");
    }

    private static async Task<double> RateAsync(RunningPipeline pipeline, int seconds, bool isTaken)
    {
        var clock = Stopwatch.StartNew();
        var rows = pipeline.Rows;
        var taking = isTaken ? pipeline.CheckpointAsync() : Task.FromResult<CompletedCheckpoint>(null!);
        await Task.WhenAll(taking, Task.Delay(TimeSpan.FromSeconds(seconds)));
        return (pipeline.Rows - rows) / clock.Elapsed.TotalMicroseconds;
    }

    private static async Task<long> ChangesAsync(RunningPipeline pipeline, UpdateLoad load)
    {
        // Two successive checkpoints, with few changes between them and no other ones.
        load.Active = Keys / 100;
        var full = 0L;
        var few = 0L;
        for (var round = 0; few == 0; round++)
        {
            await pipeline.RunRowsAsync(Keys / 10);
            var completed = await pipeline.CheckpointAsync();
            full = Math.Max(full, completed.StateBytes);
            few = round > 0 && completed.StateBytes < full / 2 ? completed.StateBytes : 0;
        }

        load.Active = Keys;
        Print("bytes-1%-changed-MB", few / 1e6, full / 1e6, (double)few / full <= 0.05, "0.05");
        return full;
    }

    private static async Task MemoryAsync(RunningPipeline pipeline)
    {
        using var process = Process.GetCurrentProcess();
        var before = Memory(process);
        var peak = 0d;
        var taking = pipeline.CheckpointAsync();
        while (!taking.IsCompleted)
        {
            peak = Math.Max(peak, Memory(process));
            await Task.Delay(20);
        }

        Print("memory-MB", peak, before, peak / before <= 1.3, "1.3");
    }

    private static double Memory(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1e6;
    }

    private static async Task FullAsync(RunningPipeline pipeline, string folder, long bytes)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 12; round++)
        {
            var clock = Stopwatch.StartNew();
            if ((await pipeline.CheckpointAsync()).StateBytes >= bytes * 9 / 10)
            {
                best = Math.Min(best, clock.Elapsed.TotalSeconds);
            }
        }

        var plain = PlainFiles.Write(Path.Combine(folder, "plain"), bytes);
        Print("full-snapshot-MB/s", bytes / best / 1e6, bytes / plain / 1e6, plain / best >= 0.7, "0.70");
    }

    private static async Task RestoreAsync(string folder, IServiceProvider services)
    {
        // Both read from the disk and alternate; the best of each counts.
        const int Rounds = 3;
        var plain = Path.Combine(folder, "plain");
        var bytes = new FileInfo(plain).Length;
        var (restore, read) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            PlainFiles.Evict(plain);
            read = Math.Min(read, PlainFiles.Read(plain));
            Array.ForEach(Directory.GetFiles(folder, "*.state"), PlainFiles.Evict);
            GC.Collect();
            var clock = Stopwatch.StartNew();
            await using var pipeline = await RunningPipeline.StartAsync<WideStatePipeline>(folder, services);
            restore = Math.Min(restore, clock.Elapsed.TotalSeconds);
        }

        Print("restore-MB/s", bytes / restore / 1e6, bytes / read / 1e6, read / restore >= 0.7, "0.70");
    }

    // The eighth figure of the first line of /proc/stat, in hundredths of a second over all processors; 0 on other systems.
    private static double StolenTime() =>
        OperatingSystem.IsLinux()
            ? double.Parse(
                File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[8],
                CultureInfo.InvariantCulture) * 10
            : 0;

    private static double At(List<double> values, double share) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, (int)Math.Ceiling(share * values.Count) - 1));

    private static string Bar(double? limit) => limit is { } milliseconds ? $"< {milliseconds} ms above" : "";

    private static void Print(string name, double value, double? baseline, bool? isMet, string bar)
    {
        _met &= isMet != false;
        var ratio = baseline is { } other ? (value / other).ToString("F3", CultureInfo.InvariantCulture) : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"`{name}` | {value:F2} | {baseline:F2} | {ratio} | {bar}{(isMet == false ? " MISSED" : "")}"));
    }
}
