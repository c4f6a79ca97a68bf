using System.Diagnostics;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>Records the longest time in which no row was processed. One thread updates it, another one reads it.</summary>
public sealed class PauseMeter
{
    // Reading the clock for each row would slow the rows down. This number of rows takes a few microseconds.
    private const int RowsBetweenLooks = 16;

    private int _left = RowsBetweenLooks;
    private long _last = Stopwatch.GetTimestamp();
    private long _longest;

    /// <summary>Records that a row was processed.</summary>
    public void Row()
    {
        if (--_left == 0)
        {
            Look();
        }
    }

    /// <summary>
    /// Returns the longest pause, in milliseconds, and restarts the measurement. A pause that still lasts counts up to now.
    /// </summary>
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
