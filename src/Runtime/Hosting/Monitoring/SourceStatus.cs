namespace Penstock;

/// <summary>
/// The status of one source of a pipeline. Every row read is handed on, bad or untimed. The counts are exact for the job, across restarts.
/// </summary>
/// <param name="Id">The id of the source.</param>
/// <param name="RowsRead">Rows read, including bad and untimed ones.</param>
/// <param name="RowsEmitted">Rows handed on to the operators and sinks after the source.</param>
/// <param name="RowsBad">
/// Rows that could not be read, or whose event time is out of range. They were skipped, or sent to the side output.
/// </param>
/// <param name="RowsLate">
/// Rows that were handed on and came too late for their window, or for their place in a sort. A row that is late for several operators
/// counts once for each. Late rows in a task that gets rows of several sources, as after a union, are counted for none of them, only in
/// <see cref="PipelineStatus.Late"/>.
/// </param>
public sealed record SourceStatus(string Id, long RowsRead, long RowsEmitted, long RowsBad, long RowsLate)
{
    /// <summary>
    /// Rows whose event time was null. They were skipped, or sent to the side output <see cref="SideOutputs.Untimed"/>.
    /// </summary>
    public long RowsUntimed { get; init; }

    /// <summary>
    /// Rows that were handed on, but were older than an earlier row of their split, although <c>MaxDelay</c> is zero: that declares that
    /// the rows of a split are in order.
    /// </summary>
    public long RowsOutOfOrder { get; init; }

    /// <summary>
    /// The lowest watermark of its splits, without idle and ended ones; if all are idle, the furthest. It never decreases while an attempt
    /// runs. Null while a split has not had a row yet, after the last row, and for a source without event time.
    /// </summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>
    /// The split that determines <see cref="Watermark"/>; null if no split does, because all are idle or have ended, and for a source
    /// without event time.
    /// </summary>
    public SlowestSplit? SlowestSplit { get; init; }

    /// <summary>
    /// Indicates whether the source, or one of its subtasks, currently reads nothing because it is further ahead in event time than
    /// <see cref="PipelineOptions.MaxDrift"/> allows.
    /// </summary>
    public bool IsPaused { get; init; }

    /// <summary>
    /// The splits without rows that have held event time back for at least half a minute, while other splits of the source, or of sources
    /// whose rows reach the same operator or union, have advanced or wait for them. Windows do not fire meanwhile. Usually empty. Set
    /// <c>Idle</c> on the event time of the source to let time advance without them.
    /// </summary>
    public IReadOnlyList<string> StalledSplits { get; init; } = [];
}
