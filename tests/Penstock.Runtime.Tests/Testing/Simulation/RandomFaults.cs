using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>Decides from a seed the faults of the processes of a job, and the options that must not change the output.</summary>
internal static class RandomFaults
{
    public const int MaxProcesses = 7;

    /// <summary>The approximate number of events before a fault.</summary>
    public static int Scale(Random random)
    {
        int[] scales = [30, 200, 1500];
        return scales[random.Next(scales.Length)];
    }

    public static PlannedFaults Next(Random random, int scale)
    {
        var at = 1 + (long)(-Math.Log(1 - random.NextDouble()) * scale);
        var hangs = random.Next(8) == 0;
        return new PlannedFaults
        {
            HangsFrom = hangs ? at : null,
            CrashBefore = !hangs && random.Next(5) > 0 ? (number, _) => number == at : null,
            StopAt = hangs || random.Next(4) == 0 ? random.NextInt64(1, 2 * at + 1) : null,
            IsPowerCut = random.Next(2) == 0,
            FailureRate = random.Next(3) == 0 ? random.Next(40) : 0,
            FirstDiesAt = FirstDeath(random, at),
        };
    }

    /// <summary>The event before which only the first node of a process dies; null if it does not.</summary>
    public static long? FirstDeath(Random random, long scale) => random.Next(2) == 0 ? random.NextInt64(1, 2 * scale + 1) : null;

    /// <summary>The planned faults of a process that does not end by itself.</summary>
    public static PlannedFaults NextOfEndless(Random random, int scale)
    {
        var faults = Next(random, scale);
        return faults.CrashBefore == null ? faults with { StopAt = faults.StopAt ?? random.Next(1, 2 * scale) } : faults;
    }

    public static void Configure(PipelineOptions options, Random random, PipelinePlan plan, string sink = "Counts")
    {
        int[] sizes = [1, 2, 7, 64, 1024];
        options.Parallelism = random.Next(1, 4);
        foreach (var task in plan.Tasks)
        {
            options.Streams[task.Id] = new StreamOptions { Parallelism = random.Next(3) == 0 ? random.Next(1, 4) : null };
        }

        options.BatchSize = sizes[random.Next(sizes.Length)];
        options.ChannelCapacity = random.Next(1, 5);
        options.FlushInterval = TimeSpan.FromMilliseconds(random.Next(3));
        options.Checkpoints.Path = "/checkpoints";
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(random.Next(1, 40));
        options.Checkpoints.Retain = random.Next(1, 4);
        options.Checkpoints.ToleratedFailures = 1000;

        // With a short one, the next attempt begins while a node still lingers in the previous one.
        int[] delays = [1, 20, 1000];
        options.Restart.Delay = TimeSpan.FromMilliseconds(delays[random.Next(delays.Length)]);
        options.Sinks[sink] = new SinkOptions { RollSize = random.Next(1, 2000) };
    }
}
