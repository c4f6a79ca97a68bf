using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation.Feeds;

/// <summary>Runs simulations of <see cref="MergePipeline"/>: in several processes that crash, stop and resume with other options.</summary>
internal static class MergeSimulation
{
    /// <summary>Runs a seed.</summary>
    /// <returns>The events, and the difference between the output and that of the oracle; null if there is none.</returns>
    public static SimulationResult Run(int seed, Action<string>? observe = null)
    {
        var random = new Random(seed);
        var (near, far) = (new RideFiles(random), new RideFiles(random, "/far"));
        var job = new SimulatedJob(PipelineDefinition.Of<MergePipeline>(), random.Next(), Configure)
        {
            MayHaveTwoNodes = true,
            Observe = observe
        };
        near.WriteTo(job.Files);
        far.WriteTo(job.Files);
        var scale = RandomFaults.Scale(random);
        var hasFinished = false;
        for (var process = random.Next(RandomFaults.MaxProcesses); process > 0 && !hasFinished; process--)
        {
            hasFinished = job.RunProcess(RandomFaults.Next(random, scale)) == ProcessEnd.Finished;
        }

        if (!hasFinished)
        {
            job.RunProcess(default);
        }

        // Starts once more after the end: a finished job stays finished, and its start deletes the leftovers of disk errors.
        hasFinished = job.RunProcess(default) == ProcessEnd.Finished;
        return new SimulationResult(
            seed,
            job.Steps,
            job.Crashes,
            job.Replacements,
            hasFinished ? Compare(new MergeOracle(near, far), job) : "the job has not finished");
    }

    // One source may be far ahead of the other one.
    private static void Configure(PipelineOptions options, Random random)
    {
        RandomFaults.Configure(options, random, MergePipeline.Plan);
        options.MaxDrift = random.Next(2) == 0 ? TimeSpan.FromSeconds(random.Next(40)) : null;
        string[] sources = ["Near", "Far"];
        options.Sources[sources[random.Next(sources.Length)]] = new SourceOptions
        {
            Rate = random.Next(2) == 0
            ? random.Next(1_000, 20_000)
            : null
        };
    }

    private static string? Compare(MergeOracle expected, SimulatedJob job)
    {
        var status = job.Status!;
        return JobOutput.Differ("diamond", expected.Diamond, JobOutput.Lines(job.Files, "diamond"))
            ?? JobOutput.Differ("counts", expected.Counts, JobOutput.Lines(job.Files, "counts"))
            ?? JobOutput.Differ("late", expected.Late, JobOutput.Lines(job.Files, "late"))
            ?? JobOutput.Differ("spread", expected.Spread, JobOutput.Lines(job.Files, "spread"))
            ?? JobOutput.Differ("totals", expected.Totals, JobOutput.Lines(job.Files, "totals"))
            ?? JobOutput.Differ("priced", expected.Priced, JobOutput.Lines(job.Files, "priced"))
            ?? JobOutput.Differ("freecounts", expected.FreeCounts, JobOutput.Lines(job.Files, "freecounts"))
            ?? JobOutput.Differ("farinorder", expected.FarInOrder, JobOutput.Lines(job.Files, "farinorder"))
            ?? JobOutput.Differ("nearinorder", expected.NearInOrder, JobOutput.Lines(job.Files, "nearinorder"))
            ?? JobOutput.Differ("outoforder", expected.OutOfOrder, JobOutput.Lines(job.Files, "outoforder"))
            ?? JobOutput.Differ("firstfares", expected.FirstFares, JobOutput.Lines(job.Files, "firstfares"))
            ?? JobOutput.Differ("nearusers", expected.NearUsers, JobOutput.Lines(job.Files, "nearusers"))
            ?? JobOutput.Differ("lastrides", expected.LastRides, JobOutput.Lines(job.Files, "lastrides"))
            ?? JobOutput.Differ("cheapest", expected.Cheapest, JobOutput.Lines(job.Files, "cheapest"))
            ?? JobOutput.Differ("meetings", expected.Meetings, JobOutput.Lines(job.Files, "meetings"))
            ?? JobOutput.Differ("thirds", expected.Thirds, JobOutput.Lines(job.Files, "thirds"))
            ?? JobOutput.Differ("others", expected.Others, JobOutput.Rows(job.Files, "others"))
            ?? JobOutput.Differ(
                "accounts",
                [$"{expected.Rows} rows, {expected.LateRows} late, {expected.BadRows} bad, {expected.Windows} windows"],
                [$"{status.Rows} rows, {status.Late} late, {status.Bad} bad, {status.Windows} windows"])
            ?? JobOutput.Temporary(job.Files);
    }
}
