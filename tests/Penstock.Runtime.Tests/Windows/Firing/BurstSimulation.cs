using System.Globalization;
using System.Text;
using Penstock.Runtime.Tests.Testing.Simulation;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Windows.Firing;

/// <summary>
/// Runs simulations of <see cref="BurstPipeline"/>: windows of many keys before channels with few credits, in several processes that crash
/// in the middle of a firing.
/// </summary>
internal static class BurstSimulation
{
    /// <summary>Runs a seed.</summary>
    /// <returns>The events, and the difference between the output and that of plain loops; null if there is none.</returns>
    public static SimulationResult Run(int seed, Action<string>? observe = null)
    {
        var random = new Random(seed);
        var input = new BurstInput(random.Next(), windows: random.Next(1, 3), keys: random.Next(20, 400));

        // The watermark passes all windows at once, and far exceeds the life of their state.
        input.Hits.Add(new Hit(0, 60_000));
        var job = new SimulatedJob(PipelineDefinition.Of<BurstPipeline>(), random.Next(), Configure)
        {
            MayHaveTwoNodes = true,
            Observe = observe
        };
        job.Files.CreateDirectory("/in");
        job.Files.Put(
            "/in/hits.csv",
            Encoding.UTF8.GetBytes("key,at\n" + string.Concat(input.Hits.Select(static hit => Text($"{hit.Key},{hit.At}\n")))));
        job.Files.SyncDirectory("/");
        var processes = random.Next(2, RandomFaults.MaxProcesses + 1);
        var scale = RandomFaults.Scale(random);
        var hasFinished = false;
        for (var process = 1; process < processes && !hasFinished; process++)
        {
            hasFinished = job.RunProcess(Next(random, scale)) == ProcessEnd.Finished;
        }

        if (!hasFinished)
        {
            job.RunProcess(default);
        }

        return new SimulationResult(
            seed,
            job.Steps,
            job.Crashes,
            job.Replacements,
            job.RunProcess(default) != ProcessEnd.Finished ? "the job has not finished" : Compare(input, job));
    }

    // Most crashes are in the middle of a firing, when windows resume it.
    private static PlannedFaults Next(Random random, int scale)
    {
        var faults = RandomFaults.Next(random, scale);
        var left = random.Next(1, 80);
        return random.Next(3) == 0
            ? faults
            : faults with
            {
                CrashBefore = (_, what) => what.EndsWith("of Counts: Resume", StringComparison.Ordinal) && --left == 0,
                StopAt = null,
                HangsFrom = null
            };
    }

    private static void Configure(PipelineOptions options, Random random)
    {
        int[] sizes = [1, 1, 2, 8];
        RandomFaults.Configure(options, random, BurstPipeline.Plan);
        options.BatchSize = sizes[random.Next(sizes.Length)];
        options.Parallelism = random.Next(8) == 0 ? 1 : random.Next(2, 4);
        options.ChannelCapacity = random.Next(1, 3);
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(random.Next(1, 4));
    }

    private static string? Compare(BurstInput expected, SimulatedJob job)
    {
        var status = job.Status!;
        var sums = JobOutput.Lines(job.Files, "sums").Select(static line => line.Split(',')).ToList();
        var repeats = JobOutput.Lines(job.Files, "repeats").Select(static line => line.Split(',')).ToList();
        return JobOutput.Differ("counts", expected.Counts.Select(Line), JobOutput.Lines(job.Files, "counts"))
            ?? JobOutput.Differ("late", expected.Late.Select(static hit => Text($"{hit.Key},{hit.At}")), JobOutput.Lines(job.Files, "late"))
            ?? JobOutput.Differ("streaks", expected.Streaks.Select(Line), JobOutput.Lines(job.Files, "streaks"))
            ?? JobOutput.Differ("lengths", expected.Streaks
                .GroupBy(static streak => streak.Key)
                .Select(static key => Text($"{key.Key},{key.Sum(static streak => streak.Number)}")),
                Largest(JobOutput.Lines(job.Files, "lengths").Select(static line => line.Split(','))))
            ?? JobOutput.Differ("tens", expected.Tens.Select(Line), JobOutput.Lines(job.Files, "tens"))
            ?? JobOutput.Differ("sums", expected.Sums.Select(static sum => Text($"{sum.Key},{sum.Number}")), Largest(sums))
            ?? JobOutput.Differ("repeats", expected.Repeats
                .GroupBy(static row => row.Key)
                .Select(static key => Text($"{key.Key},{key.Sum(static row => row.Number)}")), Largest(repeats))
            ?? JobOutput.Differ(
                "accounts",
                [$"{expected.Hits.Count} rows, {2 * expected.Late.Count()} late, {(2 * expected.Counts.Count()) + expected.Tens.Count()} windows, {expected.Counts.Count()} sums, {expected.Repeats.Count()} repeats"],
                [$"{status.Rows} rows, {status.Late} late, {status.Windows} windows, {sums.Count} sums, {repeats.Count} repeats"])
            ?? JobOutput.Temporary(job.Files);
    }

    // The last sum of a key is the largest.
    private static IEnumerable<string> Largest(IEnumerable<string[]> sums) =>
        sums.GroupBy(static sum => sum[0]).Select(static key => Text($"{key.Key},{key.Max(static sum => Number(sum[2]))}"));

    private static string Line(Count count) => Text($"{count.Key},{count.Start},{count.Number}");

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
