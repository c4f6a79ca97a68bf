using System.Diagnostics;
using Penstock.Runtime.Tests.Fuzzing.Targets;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>A finding, with the seed that repeats it.</summary>
internal sealed record FuzzFinding(string Target, int Seed, string Error);

/// <summary>Runs targets, one seed after the other. An input must take neither long nor much memory.</summary>
internal static class Fuzzer
{
    private const long MaxAllocated = 512L * 1024 * 1024;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<IFuzzTarget> Targets { get; } =
        [
            new CsvTarget(),
            new JsonTarget(),
            new TreeTarget(),
            new MessageTarget(),
            new GzipTarget(),
            new ManifestTarget(),
            new StateFileTarget(),
            new SchemaTarget(),
            new SettingsTarget()
        ];

    /// <summary>Runs one input of a target.</summary>
    /// <returns>The finding, or null.</returns>
    public static FuzzFinding? Run(IFuzzTarget target, int seed)
    {
        string? error = null;
        var thread = new Thread(() => error = Try(target, seed)) { IsBackground = true };
        thread.Start();
        return !thread.Join(MaxTime) ? new FuzzFinding(target.Name, seed, $"It has not ended after {MaxTime.TotalSeconds} s.")
            : error != null ? new FuzzFinding(target.Name, seed, error)
            : null;
    }

    /// <summary>Runs all targets in turn until the time is up.</summary>
    /// <param name="firstSeed">The seed of the first round.</param>
    /// <param name="time">The duration.</param>
    /// <param name="found">Receives findings.</param>
    /// <returns>The number of inputs.</returns>
    public static long Run(int firstSeed, TimeSpan time, Action<FuzzFinding> found)
    {
        var clock = Stopwatch.StartNew();
        var count = 0L;
        for (var seed = firstSeed; clock.Elapsed < time; seed++)
        {
            foreach (var target in Targets)
            {
                if (Run(target, seed) is { } finding)
                {
                    found(finding);
                }

                count++;
            }
        }

        return count;
    }

    private static string? Try(IFuzzTarget target, int seed)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(new Random(seed));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= MaxAllocated ? null : $"It has allocated {allocated} bytes.";
        }
        catch (Exception error)
        {
            return error.ToString();
        }
    }
}
