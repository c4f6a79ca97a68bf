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

    /// <summary>Late rows, which came too late for their window, or for their place in a sort.</summary>
    public long Late { get; internal set; }

    /// <summary>Bad rows of the source.</summary>
    public long Bad { get; internal set; }

    /// <summary>Rows of the source that were set aside because their event time is null.</summary>
    public long Untimed { get; internal set; }

    /// <summary>
    /// Rows of the source that were older than an earlier row of their split, although <c>MaxDelay</c> is zero. They are also in
    /// <see cref="RowsIn"/>.
    /// </summary>
    public long OutOfOrder { get; internal set; }

    /// <summary>Windows fired, counted per key; a window that fires again for a late row counts once.</summary>
    public long Windows { get; internal set; }

    internal void Add(SubtaskCounters other)
    {
        RowsIn += other.RowsIn;
        RowsOut += other.RowsOut;
        Late += other.Late;
        Bad += other.Bad;
        Untimed += other.Untimed;
        OutOfOrder += other.OutOfOrder;
        Windows += other.Windows;
    }
}
