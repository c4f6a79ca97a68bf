using System.Diagnostics;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>Notes the longest time in which no row was processed. Fed by one thread, read by another.</summary>
public sealed class PauseMeter
{
    // A look at the clock for each row would slow the rows down; so many take a few microseconds.
    private const int RowsBetweenLooks = 16;

    private int _left = RowsBetweenLooks;
    private long _last = Stopwatch.GetTimestamp();
    private long _longest;

    /// <summary>A row is processed.</summary>
    public void Row()
    {
        if (--_left == 0)
        {
            Look();
        }
    }

    /// <summary>Reads the longest pause, in milliseconds, and begins anew; one that lasts counts so far.</summary>
    public double Take()
    {
        var lasting = Stopwatch.GetTimestamp() - Volatile.Read(ref _last);
        return Math.Max(Interlocked.Exchange(ref _longest, 0), lasting) * 1000d / Stopwatch.Frequency;
    }

    private void Look()
    {
        _left = RowsBetweenLooks;
        var now = Stopwatch.GetTimestamp();
        var pause = now - _last;
        Volatile.Write(ref _last, now);
        if (pause > Volatile.Read(ref _longest))
        {
            Volatile.Write(ref _longest, pause);
        }
    }
}
