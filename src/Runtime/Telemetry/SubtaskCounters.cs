namespace Penstock;

/// <summary>
/// What a subtask counts. Written by its own thread only, without synchronization; other threads read values that may be
/// a moment old. Checkpoints carry the counts, so that they are exact for the job across restarts.
/// </summary>
public sealed class SubtaskCounters
{
    internal SubtaskCounters()
    {
    }

    /// <summary>Rows read: from the source, or from the exchange.</summary>
    public long RowsIn { get; internal set; }

    /// <summary>Rows handed to exchanges and sinks.</summary>
    public long RowsOut { get; internal set; }

    /// <summary>Rows that came too late for their window.</summary>
    public long Late { get; internal set; }

    /// <summary>Rows of the source that could not be read.</summary>
    public long Bad { get; internal set; }

    /// <summary>Windows fired, counted per key; a window that fires again for a late row counts once.</summary>
    public long Windows { get; internal set; }

    internal void Add(SubtaskCounters other)
    {
        RowsIn += other.RowsIn;
        RowsOut += other.RowsOut;
        Late += other.Late;
        Bad += other.Bad;
        Windows += other.Windows;
    }
}
