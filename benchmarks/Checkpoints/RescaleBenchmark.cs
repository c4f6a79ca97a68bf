using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Threads;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>Measures restores at another parallelism: several subtasks at a time, compared with one after the other.</summary>
internal static class RescaleBenchmark
{
    private const long Keys = 2_000_000;
    private const int Rounds = 9;

    /// <summary>Runs all measurements and prints the figures.</summary>
    public static void Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        Console.WriteLine("name | seconds | one after the other | ratio");
        Console.WriteLine("---|---:|---:|---:");
        foreach (var (before, after) in ((int, int)[])[(1, 4), (4, 2), (3, 5), (4, 4)])
        {
            var folder = Directory.CreateTempSubdirectory("penstock-rescale-").FullName;
            var load = new UpdateLoad { Accounts = Keys, Active = Keys };
            var services = new ServiceCollection().AddSingleton(new PauseMeter()).AddSingleton(load).BuildServiceProvider();
            await using (var pipeline = await RunningPipeline.StartAsync<WideStatePipeline>(
                folder,
                services,
                options => options.Parallelism = before))
            {
                await pipeline.RunRowsAsync(Keys);
                load.IsPaused = true;
                await pipeline.CheckpointAsync();
            }

            var (together, alone) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                alone = Math.Min(alone, await RestoreAsync(folder, services, after, new OneThread()));
                together = Math.Min(together, await RestoreAsync(folder, services, after, ThreadBackground.Instance));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"`restore-{before}-to-{after}` | {together:F2} | {alone:F2} | {together / alone:F2}"));
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> RestoreAsync(string folder, IServiceProvider services, int parallelism, IBackground background)
    {
        GC.Collect();
        var clock = Stopwatch.StartNew();
        await using var pipeline = await RunningPipeline.StartAsync<WideStatePipeline>(
            folder,
            services,
            options => options.Parallelism = parallelism,
            background);
        return clock.Elapsed.TotalSeconds;
    }

    private sealed class OneThread : IBackground
    {
        public TaskCreationOptions Completion => ThreadBackground.Instance.Completion;

        public int Threads => 1;

        public Task<T> Run<T>(Func<T> work) => ThreadBackground.Instance.Run(work);

        public Task<T> RunLong<T>(Func<T> work) => ThreadBackground.Instance.RunLong(work);
    }
}
