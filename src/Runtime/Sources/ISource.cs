using System.Buffers;

namespace Penstock.Connectors;

/// <summary>Reads rows from an external system, as a list of splits. Each split is read in order by one subtask at a time.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISource<T>
{
    /// <summary>The word for the position of a row in a split, for messages.</summary>
    string PositionName => "line";

    /// <summary>
    /// Lists the splits. The rows of a split and their order must not depend on parallelism, time or restarts, because the results of a
    /// pipeline depend on them.
    /// </summary>
    /// <returns>The splits, in a stable order.</returns>
    IReadOnlyList<SourceSplit> Discover();

    /// <summary>Opens a split.</summary>
    /// <param name="split">A split returned by <see cref="Discover"/>, in this or an earlier process.</param>
    /// <param name="position">
    /// The position written by <see cref="ISplitReader{T}.SavePosition"/>, or empty to start at the beginning.
    /// </param>
    /// <param name="badRows">Handles rows that cannot be read.</param>
    /// <returns>A reader that the caller disposes.</returns>
    /// <exception cref="SourceChangedException">The data of the split has changed since the position was saved.</exception>
    ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows);
}

/// <summary>A part of a source that is read in order.</summary>
/// <param name="Id">The stable identity of the split in checkpoints, such as a path and a range.</param>
/// <param name="Fingerprint">
/// A fingerprint of the data when the split was discovered, or empty if the source cannot compute one. A checkpoint whose split has a
/// different fingerprint is refused.
/// </param>
public sealed record SourceSplit(string Id, string Fingerprint = "");

/// <summary>Reads one split.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISplitReader<T> : IDisposable
{
    /// <summary>
    /// Appends the next rows until <see cref="RowAppender{T}.Free"/> is 0, no input is available for now, or the split ends. Must not
    /// block. Bad rows also reduce the room, so check <c>Free</c> after each of them. There may be room for one row only, or for none: then
    /// only the <see cref="ReadStatus"/> matters.
    /// </summary>
    /// <param name="rows">Receives the rows.</param>
    /// <returns>The status of the split after the call.</returns>
    ReadStatus Read(RowAppender<T> rows);

    /// <summary>Writes the position after all rows that were appended or reported as bad.</summary>
    /// <param name="position">Receives the position.</param>
    void SavePosition(IBufferWriter<byte> position);

    /// <summary>
    /// Describes the position of a row of the last <see cref="Read"/>, for messages, such as a file and a line, or a partition and an
    /// offset.
    /// </summary>
    /// <param name="index">The index of the row among those that the last <see cref="Read"/> appended.</param>
    /// <returns>A human-readable description.</returns>
    string Describe(int index);
}

/// <summary>The status of a split after <see cref="ISplitReader{T}.Read"/>.</summary>
public enum ReadStatus
{
    /// <summary>More rows may be available immediately.</summary>
    More,

    /// <summary>The reader is at the known end of its split; more rows may come later.</summary>
    CaughtUp,

    /// <summary>The split has ended.</summary>
    Ended,
}

/// <summary>The append-only view of a batch, to which a source writes rows.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class RowAppender<T>
{
    private Batch<T> _batch = null!;
    private int _limit;
    private int _toPass;
    private bool _isStopped;

    /// <summary>
    /// The number of rows that may still be read. Rows reported as bad count, too. It may drop to 0 after a bad row, if the output for it
    /// has filled the channels.
    /// </summary>
    public int Free => _isStopped ? 0 : Math.Max(0, Math.Min(_limit, _toPass) - _batch.Count);

    /// <summary>Appends a row. Call only while <see cref="Free"/> is positive.</summary>
    /// <param name="row">The row.</param>
    public void Append(in T row)
    {
        _batch.Rows[_batch.Count] = row;
        _batch.Count++;
    }

    /// <summary>Returns the free part of the batch, to be filled in place. Call <see cref="Advance"/> afterwards.</summary>
    /// <returns>The free rows.</returns>
    public Span<T> FreeRows() => _batch.Rows.AsSpan(_batch.Count, Free);

    /// <summary>Appends the first rows of <see cref="FreeRows"/>, which the caller has filled.</summary>
    /// <param name="count">The number of filled rows, 0 to <see cref="Free"/>.</param>
    public void Advance(int count) => _batch.Count += count;

    /// <summary>Starts a read.</summary>
    /// <param name="batch">The batch for the rows.</param>
    /// <param name="limit">The maximum number of rows to append.</param>
    /// <param name="toPass">The maximum number of rows or lines to read, appended or not.</param>
    internal void Attach(Batch<T> batch, int limit, int toPass = int.MaxValue) =>
        (_batch, _limit, _toPass, _isStopped) = (batch, limit, toPass, false);

    /// <summary>Records that the reader has passed a row, or a line without one, that it does not append.</summary>
    internal void SkipRow() => _toPass--;

    /// <summary>Ends the read: no more rows may be read now.</summary>
    internal void Stop() => _isStopped = true;

    /// <summary>Returns room for rows whose number was determined before some of the preceding rows turned out to be bad.</summary>
    internal Span<T> GetSpan(int count) => _batch.Rows.AsSpan(_batch.Count, count);
}
