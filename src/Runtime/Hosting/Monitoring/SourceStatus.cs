namespace Penstock;

/// <summary>
/// What a source of a pipeline has read. Every row that is read is either handed on or bad. The counts are those of the job, exactly and
/// across restarts.
/// </summary>
/// <param name="Id">The id of the source.</param>
/// <param name="RowsRead">Rows read: those handed on, and bad ones.</param>
/// <param name="RowsHandedOn">Rows that the operators and sinks behind the source were given.</param>
/// <param name="RowsBad">Rows that could not be read, or whose event time cannot be reckoned with: skipped, or sent to the side
/// output.</param>
/// <param name="RowsLate">
/// Rows that were handed on and came too late for a window. A row that is late for the windows of several operators counts once for each.
/// Late rows behind a union of several sources count for none of them, only in <see cref="PipelineStatus.Late"/>.
/// </param>
public sealed record SourceStatus(string Id, long RowsRead, long RowsHandedOn, long RowsBad, long RowsLate)
{
    /// <summary>
    /// The lowest watermark of its splits, idle and ended ones left out; when all are idle, the furthest. It does not go back while the
    /// pipeline runs. Null while a split has not had a row yet, behind the last row, and where the source has no event time.
    /// </summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>
    /// Whether it, or one of its subtasks, reads nothing for the moment, because it is further ahead in event time than
    /// <see cref="PipelineOptions.MaxDrift"/> allows.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>
    /// The splits that have held event time back for half a minute or longer, because they have no rows, while others of the source, or of
    /// sources that it is united with, have gone on, or wait for them: windows do not fire. Mostly none. <c>Idle</c> on the event time of
    /// the source lets time go on without them.
    /// </summary>
    public IReadOnlyList<string> HeldBackBy { get; init; } = [];
}
