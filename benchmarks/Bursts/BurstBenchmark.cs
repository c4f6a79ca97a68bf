using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Benchmarks.Bursts;

/// <summary>
/// Measures the peak memory of a process in which a window of many keys fires into a keyed task. It may be little more than the state of
/// both operators.
/// </summary>
internal static class BurstBenchmark
{
    private const double MostOfState = 1.2;
    private const long Rest = 200_000_000;

    /// <summary>Runs the benchmark in this process.</summary>
    /// <param name="millions">The number of keys in the window, in millions.</param>
    /// <returns>Whether the peak of the working set is within the bar.</returns>
    public static bool Run(string millions)
    {
        var keys = (int)(double.Parse(millions, CultureInfo.InvariantCulture) * 1_000_000);
        var options = new PipelineOptions { Parallelism = 2 };
        options.Restart.Strategy = RestartStrategy.None;

        // Without a folder, checkpoints are in memory.
        var folder = Directory.CreateTempSubdirectory("penstock-burst-");
        options.Checkpoints.Path = folder.FullName;
        var services = new ServiceCollection().AddSingleton(new VisitRows(keys, keys)).BuildServiceProvider();
        var runner = new PipelineRunner(
            PipelineDefinition.Of<BurstPipeline>(),
            new ExecutionEnvironment("Burst", options, services, NullLogger.Instance));
        var clock = Stopwatch.StartNew();
        var running = Task.Run(() => runner.RunAsync(CancellationToken.None));
        var most = new Dictionary<string, long>();
        while (!running.Wait(TimeSpan.FromMilliseconds(5)))
        {
            foreach (var part in runner.Graph?.State.Operators ?? [])
            {
                most[part.Id] = Math.Max(most.GetValueOrDefault(part.Id), part.Bytes);
            }
        }

        folder.Delete(recursive: true);
        using var process = Process.GetCurrentProcess();
        var (state, peak) = (most.Values.Sum(), process.PeakWorkingSet64);
        var bar = (long)(MostOfState * state) + Rest;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{keys} keys: {string.Join(", ", most.Select(static part => $"{part.Key} {part.Value / 1e6:F0} MB"))}; peak working set {peak / 1e6:F0} MB, at most {bar / 1e6:F0} MB{(peak <= bar ? "" : " MISSED")}; {clock.Elapsed.TotalSeconds:F1} s"));
        return peak <= bar;
    }
}
