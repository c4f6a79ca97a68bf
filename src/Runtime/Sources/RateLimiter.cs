namespace Penstock.Sources;

/// <summary>Holds a source back to a number of rows per second.</summary>
internal sealed class RateLimiter(TimeProvider time, double rowsPerSecond)
{
    private readonly long _start = time.GetTimestamp();
    private long _rows;

    /// <summary>How many rows may be read now.</summary>
    public int Allowed(int wanted) =>
        (int)Math.Clamp((long)(time.GetElapsedTime(_start).TotalSeconds * rowsPerSecond) - _rows, 0, wanted);

    public void Count(int rows) => _rows += rows;

    /// <summary>When the next row may be read.</summary>
    public TimeSpan UntilNext()
    {
        var due = TimeSpan.FromSeconds((_rows + 1) / rowsPerSecond) - time.GetElapsedTime(_start);
        return due < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : due;
    }
}
