using System.Diagnostics;
using Penstock.State;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>What the process takes for each entry of a large table with keys of 8 bytes and values of 16.</summary>
internal static class MemoryPerEntry
{
    /// <summary>Fills a table that begins empty.</summary>
    /// <param name="entries">With how many entries.</param>
    /// <returns>The bytes per entry by which the process has grown.</returns>
    public static double Measure(long entries)
    {
        using var process = Process.GetCurrentProcess();
        var before = Resident(process);
        var table = new KeyedTable<LongKey, Value>();
        for (var number = 0L; number < entries; number++)
        {
            table.GetOrAdd(new LongKey(number), LongKey.Hash(new LongKey(number), table.Secret)) = new Value(number, number);
        }

        var after = Resident(process);
        GC.KeepAlive(table);
        return (after - before) / entries;
    }

    private static double Resident(Process process)
    {
        // What growing has left behind does not count: the process gives it back when it is asked to.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        process.Refresh();
        return process.WorkingSet64;
    }

    private readonly record struct Value(long First, long Last);
}
