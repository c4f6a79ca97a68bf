using System.Globalization;
using System.Text.Json;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>Runs simulations of <see cref="RidePipeline"/>: in several processes that crash, stop and resume with other options.</summary>
internal static class RideSimulation
{
    /// <summary>Runs a seed.</summary>
    /// <returns>The events, and the difference between the output and that of the oracle; null if there is none.</returns>
    public static SimulationResult Run(int seed, Action<string>? observe = null)
    {
        var random = new Random(seed);
        var rides = new RideFiles(random);
        var job = new SimulatedJob(PipelineDefinition.Of<RidePipeline>(), random.Next(), Configure)
        {
            MayHaveTwoNodes = true,
            Observe = observe
        };
        rides.WriteTo(job.Files);
        var processes = random.Next(1, RandomFaults.MaxProcesses + 1);
        var scale = RandomFaults.Scale(random);
        var hasFinished = false;
        for (var process = 1; process < processes && !hasFinished; process++)
        {
            hasFinished = job.RunProcess(RandomFaults.Next(random, scale)) == ProcessEnd.Finished;
        }

        if (!hasFinished)
        {
            job.RunProcess(default);
        }

        // Starts once more after the end: a finished job stays finished.
        var end = job.RunProcess(default);
        return new SimulationResult(
            seed,
            job.Steps,
            job.Crashes,
            job.Replacements,
            end != ProcessEnd.Finished ? "the job has not finished" : Compare(new RideOracle(rides), job));
    }

    private static void Configure(PipelineOptions options, Random random)
    {
        RandomFaults.Configure(options, random, RidePipeline.Plan);
        options.Sources["Rides"] = new SourceOptions { Rate = random.Next(2) == 0 ? random.Next(2_000, 20_000) : null };
    }

    /// <summary>Returns the difference in the output; null if there is none.</summary>
    public static string? Compare(RideOracle expected, SimulatedJob job)
    {
        var status = job.Status!;
        var trips = JobOutput.Lines(job.Files, "trips").Select(static line => line.Split(',')).ToList();
        return JobOutput.Differ("users", expected.Users, JobOutput.Lines(job.Files, "users"))
            ?? JobOutput.Differ("counts", expected.Counts, JobOutput.Lines(job.Files, "counts"))
            ?? JobOutput.Differ("streaks", expected.Streaks, JobOutput.Lines(job.Files, "streaks"))
            ?? JobOutput.Differ("late", expected.Late, JobOutput.Lines(job.Files, "late"))
            ?? JobOutput.Differ("last", expected.LastRides, JobOutput.Lines(job.Files, "last"))
            ?? JobOutput.Differ("sofar", expected.RidesSoFar, JobOutput.Applied(JobOutput.Lines(job.Files, "sofar")))
            ?? JobOutput.Differ("trips", expected.Trips, trips.GroupBy(static trip => trip[0]).Select(static user => string.Create(
                CultureInfo.InvariantCulture,
                $"{user.Key},{user.Sum(Count)},{user.Sum(static trip => long.Parse(trip[3], CultureInfo.InvariantCulture))}")))
            ?? JobOutput.Differ("seats", expected.Seats, JobOutput.Applied(JobOutput.Rows(job.Files, "seats").Select(Change)))
            ?? JobOutput.Differ("uneven", expected.Uneven, JobOutput.Applied(JobOutput.Lines(job.Files, "uneven")))
            ?? JobOutput.Differ("results that came twice", [], JobOutput.Rows(job.Files, "seats")
                .GroupBy(static line => line)
                .Where(static line => line.Count() > 1)
                .Select(static line => line.Key))
            ?? JobOutput.Differ("spread", expected.Spread, JobOutput.Lines(job.Files, "spread"))
            ?? JobOutput.Differ("bad", expected.Bad, JobOutput.Bad(job.Files))
            ?? JobOutput.Differ(
                "accounts",
                [$"{expected.Rows} rows, {expected.LateRows} late, {expected.Bad.Count} bad, {expected.Windows + trips.Count} windows"],
                [$"{status.Rows} rows, {status.Late} late, {status.Bad} bad, {status.Windows} windows"])
            ?? JobOutput.Temporary(job.Files);
    }

    private static int Count(string[] trip) => int.Parse(trip[2], CultureInfo.InvariantCulture);

    private static string Change(string line)
    {
        var row = JsonDocument.Parse(line).RootElement;
        return $"{row.GetProperty("op").GetString()},{row.GetProperty("user").GetString()},{row.GetProperty("start")},{row.GetProperty("count")},{row.GetProperty("sum")}";
    }
}
