using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Checkpoints;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>
/// Takes thousands of checkpoints with crashes between them. The storage must stay bounded, no unneeded file may remain, and the output
/// must be exact.
/// </summary>
internal static class SoakBenchmark
{
    private const int Checkpoints = 2_000;
    private const int BetweenCrashes = 100;
    private const double RowsPerSecond = 50_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs the test and prints the results.</summary>
    /// <returns>Whether all results are correct.</returns>
    public static bool Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task<bool> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-soak-").FullName;
        var services = new ServiceCollection().BuildServiceProvider();
        var clock = Stopwatch.StartNew();
        var (taken, crashes, orphans, mostBytes, mostFiles) = (0, 0, 0, 0L, 0);
        while (taken < Checkpoints)
        {
            await using (var pipeline = await RunningPipeline.StartAsync<SoakPipeline>(CheckpointsOf(folder), services, options =>
            {
                options.Parallelism = crashes % 3 + 1;
                options.Sources["Numbers"] = new() { Rate = RowsPerSecond };
                options.Sinks["Counts"] = new() { Path = Path.Combine(folder, "out", "counts.csv") };
            }))
            {
                for (var index = 0; index < BetweenCrashes; index++)
                {
                    var pause = Task.Delay(Interval);
                    await pipeline.CheckpointAsync();
                    taken++;
                    var files = new DirectoryInfo(CheckpointsOf(folder)).GetFiles();
                    mostBytes = Math.Max(mostBytes, files.Sum(file => file.Length));
                    mostFiles = Math.Max(mostFiles, files.Length);
                    await pause;
                }

                // Crashes here: rows after the last checkpoint, and a checkpoint in progress, are lost.
                _ = pipeline.CheckpointAsync().ContinueWith(static task => task.Exception, TaskScheduler.Default);
            }

            crashes++;
            orphans += Orphans(CheckpointsOf(folder));
        }

        // Starts once more, so that the leftovers of the last crash are committed or revoked.
        await using (await RunningPipeline.StartAsync<SoakPipeline>(CheckpointsOf(folder), services, options =>
        {
            options.Sources["Numbers"] = new() { Rate = 1 };
            options.Sinks["Counts"] = new() { Path = Path.Combine(folder, "out", "counts.csv") };
        }))
        {
            // Starting the pipeline is sufficient.
        }

        var (rows, wrong) = Compare(Path.Combine(folder, "out"));
        var isExact = rows > 0 && wrong == 0 && orphans == 0;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{taken} checkpoints, {crashes} crashes in {clock.Elapsed.TotalSeconds:F0} s: {rows} rows committed, {wrong} of them wrong or missing; {orphans} orphans; at most {mostFiles} files with {mostBytes / 1e6:F2} MB{(isExact ? "" : " FAILED")}"));
        Directory.Delete(folder, recursive: true);
        return isExact;
    }

    private static string CheckpointsOf(string folder) => Path.Combine(folder, "checkpoints");

    // Files to which no checkpoint refers, except those that are newer than all checkpoints: the next checkpoint replaces these.
    private static int Orphans(string folder)
    {
        using var store = new CheckpointStore(new FolderStorage(LocalFileSystem.Instance, folder, "SoakPipeline"), Guid.NewGuid);
        var ids = store.List();
        var named = ids.Select(id => $"{id:D10}.manifest")
            .Concat(ids.SelectMany(id => store.ReadVerified(id)!.Files).Select(file => file.Name))
            .Append("lock").Append("job").ToHashSet();
        var newest = $"{ids[0]:D10}";
        return Directory.GetFiles(folder)
            .Select(path => Path.GetFileName(path))
            .Count(name => !named.Contains(name) && string.CompareOrdinal(name, newest) < 0);
    }

    // The visible rows must be those of a plain loop over the first numbers, each exactly once.
    private static (long Rows, long Wrong) Compare(string folder)
    {
        var visible = Directory.GetFiles(folder, "counts-*.csv")
            .SelectMany(part => File.ReadLines(part).Skip(1))
            .GroupBy(line => line)
            .ToDictionary(line => line.Key, line => line.Count());
        var rows = visible.Values.Sum(static count => (long)count);
        var counts = new Dictionary<int, long>();
        var wrong = 0L;
        for (var number = 0L; number < rows; number++)
        {
            var key = NumberSource.KeyOf(number);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            wrong += visible.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"{key},{counts[key]}")) == 1 ? 0 : 1;
        }

        return (rows, wrong);
    }
}
