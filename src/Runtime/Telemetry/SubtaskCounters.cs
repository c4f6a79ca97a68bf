namespace Penstock;

/// <summary>
/// The counters of a subtask. Only its own thread writes them, without synchronization; other threads may read slightly outdated values.
/// Checkpoints contain the counters, so they are exact for the job across restarts.
/// </summary>
public sealed class SubtaskCounters
{
    internal SubtaskCounters()
    {
    }

    /// <summary>Rows read from the source or from the exchange.</summary>
    public long RowsIn { get; internal set; }

    /// <summary>Rows handed to exchanges and sinks.</summary>
    public long RowsOut { get; internal set; }

    /// <summary>Late rows, which came after their window had closed.</summary>
    public long Late { get; internal set; }

    /// <summary>Bad rows of the source.</summary>
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
