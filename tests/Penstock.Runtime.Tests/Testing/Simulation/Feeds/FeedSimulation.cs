using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Tasks;
using Penstock.Testing;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation.Feeds;

/// <summary>
/// Runs simulations of <see cref="FeedPipeline"/>: in several processes that crash, stop and resume with other options, until all rides are
/// read and the job is drained.
/// </summary>
internal static class FeedSimulation
{
    /// <summary>Runs a seed.</summary>
    /// <returns>The events, and the difference between the output and that of plain loops; null if there is none.</returns>
    public static SimulationResult Run(int seed, Action<string>? observe = null)
    {
        var random = new Random(seed);
        var time = new ManualTimeProvider();
        var feeds = new Feeds(new Feed(random, time, mayGrow: false), new Feed(random, time, mayGrow: true));
        var (asked, waking) = (new FeedOracle(feeds.Asked), new FeedOracle(feeds.Waking));
        using var services = new ServiceCollection().AddSingleton(feeds).BuildServiceProvider();
        var job = new SimulatedJob(PipelineDefinition.Of<FeedPipeline>(), random.Next(), Configure)
        {
            Observe = observe,
            Time = time,
            Services = services,
            MayHaveTwoNodes = true
        };
        var scale = RandomFaults.Scale(random);
        for (var process = random.Next(RandomFaults.MaxProcesses); process > 0; process--)
        {
            job.RunProcess(RandomFaults.NextOfEndless(random, scale));
            feeds.Waking.Forget();
        }

        var end = job.RunProcess(new PlannedFaults(
            DrainWhen: status => status.Rows >= asked.Rows + waking.Rows,
            FirstDiesAt: RandomFaults.FirstDeath(random, scale)));
        var difference = end != ProcessEnd.Stopped ? $"the job was not drained: {end}" : asked.Difference(job.Files, "asked")
            ?? waking.Difference(job.Files, "waking") ?? JobOutput.Temporary(job.Files, mayLinger: true);
        return new SimulationResult(seed, job.Steps, job.Crashes, job.Replacements, difference);
    }

    private static void Configure(PipelineOptions options, Random random)
    {
        RandomFaults.Configure(options, random, FeedPipeline.Plan, "WakingCounts");
        options.Savepoints.Path = "/savepoints";
    }
}

/// <summary>
/// The expected output for a feed, by plain loops. Which rides are late depends on which parts were idle at which time; the rules determine
/// it for some rides.
/// </summary>
internal sealed class FeedOracle
{
    private readonly LateAccount _account = new();
    private readonly List<string> _totals = [];

    public FeedOracle(Feed feed)
    {
        foreach (var part in feed.All)
        {
            var (newest, totals) = (long.MinValue, new Dictionary<string, (int Rides, long Amount)>());
            foreach (var ride in part.All)
            {
                var (rides, amount) = totals.GetValueOrDefault(ride.User);
                totals[ride.User] = (rides + 1, amount + ride.Amount);
                _totals.Add(string.Create(CultureInfo.InvariantCulture, $"{ride.User},{rides + 1},{amount + ride.Amount}"));

                // If a part was idle, the watermark may have any value when it becomes active.
                _account.Add(ride, mustBeLateAt: newest, mayBeLateAt: long.MaxValue);
                newest = Math.Max(newest, ride.At);
            }

            Rows += part.All.Count;
        }
    }

    public int Rows { get; }

    public string? Difference(SimulatedFiles files, string name)
    {
        var counts = JobOutput.Lines(files, $"{name}-counts").ToList();
        return JobOutput.Differ($"{name} totals", _totals, JobOutput.Lines(files, $"{name}-totals"))
            ?? _account.Difference(counts, [.. JobOutput.Lines(files, $"{name}-late")])
            ?? JobOutput.Differ($"{name} spread", LateAccount.Spread(counts), JobOutput.Lines(files, $"{name}-spread"));
    }
}
