using System.Diagnostics;
using Penstock.State;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>Measures the memory per entry of a large table with keys of 8 bytes and values of 16.</summary>
internal static class MemoryPerEntry
{
    /// <summary>Fills an empty table.</summary>
    /// <param name="entries">The number of entries.</param>
    /// <returns>The growth of the process, in bytes per entry.</returns>
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
        // Memory that is left over from growing does not count: a collection returns it to the system.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        process.Refresh();
        return process.WorkingSet64;
    }

    private readonly record struct Value(long First, long Last);
}
