using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>
/// Runs simulations of <see cref="InboxPipeline"/>: in several processes that crash, stop and resume with other options, until all rows are
/// read and the job is drained.
/// </summary>
internal static class InboxSimulation
{
    /// <summary>Runs a seed.</summary>
    /// <returns>The events, and the difference between the output and that of the oracle; null if there is none.</returns>
    public static SimulationResult Run(int seed, Action<string>? observe = null)
    {
        var random = new Random(seed);
        var inbox = new InboxFiles(random);
        var expected = new InboxOracle(inbox);
        var job = new SimulatedJob(PipelineDefinition.Of<InboxPipeline>(), random.Next(), Configure)
        {
            Observe = observe,
            IsInOrder = true
        };
        inbox.Deliver(job.Files, job.Time);
        var scale = RandomFaults.Scale(random);
        for (var process = random.Next(RandomFaults.MaxProcesses); process > 0; process--)
        {
            job.RunProcess(RandomFaults.NextOfEndless(random, scale));
        }

        var end = job.RunProcess(new PlannedFaults(DrainWhen: status => status.Rows >= expected.Rows && status.Bad >= expected.Bad.Count));
        return new SimulationResult(
            seed,
            job.Steps,
            job.Crashes,
            job.Replacements,
            end != ProcessEnd.Stopped ? $"the job was not drained: {end}" : Compare(expected, job));
    }

    private static void Configure(PipelineOptions options, Random random)
    {
        RandomFaults.Configure(options, random, InboxPipeline.Plan);
        options.Savepoints.Path = "/savepoints";
        options.Sources["Rides"] = new SourceOptions
        {
            Poll = TimeSpan.FromMilliseconds(random.Next(1, 30)),
            Rate = random.Next(2) == 0 ? random.Next(2_000, 20_000) : null,
        };

        // A subtask may be far ahead of the others when files for these appear.
        options.MaxDrift = random.Next(2) == 0 ? TimeSpan.FromSeconds(random.Next(40)) : null;
    }

    private static string? Compare(InboxOracle expected, SimulatedJob job)
    {
        var (counts, late) = (JobOutput.Lines(job.Files, "counts").ToList(), JobOutput.Lines(job.Files, "late").ToList());
        var spread = JobOutput.Lines(job.Files, "spread").ToList();
        var status = job.Status!;
        return JobOutput.Differ("totals", expected.Totals, JobOutput.Lines(job.Files, "totals"))
            ?? expected.Difference(counts, late)
            ?? JobOutput.Differ("spread", LateAccount.Spread(counts), spread)
            ?? JobOutput.Differ("bad", expected.Bad, JobOutput.Bad(job.Files))
            ?? JobOutput.Differ(
                "accounts",
                [$"{expected.Rows} rows, {late.Count} late, {expected.Bad.Count} bad, {counts.Count + spread.Count} windows"],
                [$"{status.Rows} rows, {status.Late} late, {status.Bad} bad, {status.Windows} windows"])
            ?? JobOutput.Temporary(job.Files);
    }
}
