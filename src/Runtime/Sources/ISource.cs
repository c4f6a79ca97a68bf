using System.Buffers;

namespace Penstock.Connectors;

/// <summary>Reads rows from outside: a list of splits, each read in order by one subtask at a time.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISource<T>
{
    /// <summary>What the position of a row in a split is called, for messages.</summary>
    string PositionName => "line";

    /// <summary>
    /// Lists the splits. Which rows a split holds and their order must not depend on parallelism, time or restarts: the
    /// answers of a pipeline depend on them.
    /// </summary>
    /// <returns>The splits in a stable order.</returns>
    IReadOnlyList<SourceSplit> Discover();

    /// <summary>Opens a split.</summary>
    /// <param name="split">A split that <see cref="Discover"/> returned, in this or an earlier process.</param>
    /// <param name="position">What <see cref="ISplitReader{T}.SavePosition"/> wrote, or empty to begin at the start.</param>
    /// <param name="badRows">Where to report rows that cannot be read.</param>
    /// <returns>A reader that the caller disposes.</returns>
    /// <exception cref="SourceChangedException">The data behind the split is no longer what the position was taken from.</exception>
    ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows);
}

/// <summary>A part of a source that is read in order.</summary>
/// <param name="Id">The stable identity of the split in checkpoints, such as a path and a range.</param>
/// <param name="Fingerprint">
/// Says what data the split held when it was discovered; empty where a source cannot tell. A checkpoint is refused when it
/// differs from the one that the checkpoint was taken with.
/// </param>
public sealed record SourceSplit(string Id, string Fingerprint = "");

/// <summary>Reads one split.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISplitReader<T> : IDisposable
{
    /// <summary>
    /// Appends the next rows until <see cref="RowAppender{T}.Free"/> is 0, the input is dry for the moment, or the split ends. Must not
    /// wait. Bad rows make room less, too: so ask <c>Free</c> again behind each. There may be room for one row only, or for none: then it
    /// is the <see cref="ReadStatus"/> that is asked for.
    /// </summary>
    /// <param name="rows">Where the rows go.</param>
    /// <returns>Whether more is to come.</returns>
    ReadStatus Read(RowAppender<T> rows);

    /// <summary>Writes the position behind all rows that were appended, or reported as bad.</summary>
    /// <param name="position">Where to write it.</param>
    void SavePosition(IBufferWriter<byte> position);

    /// <summary>
    /// Says where a row of the last <see cref="Read"/> stands, for messages: a file and a line, a partition and an offset.
    /// </summary>
    /// <param name="index">The index of the row among those that the last <see cref="Read"/> appended.</param>
    /// <returns>A text for people.</returns>
    string Describe(int index);
}

/// <summary>What a <see cref="ISplitReader{T}.Read"/> left behind.</summary>
public enum ReadStatus
{
    /// <summary>There may be more at once.</summary>
    More,

    /// <summary>The reader is at the known end of its split for now; more may come later.</summary>
    CaughtUp,

    /// <summary>The split is finished.</summary>
    Ended,
}

/// <summary>The append-only view of a batch that a source writes to.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class RowAppender<T>
{
    private Batch<T> _batch = null!;
    private int _limit;
    private int _toPass;
    private bool _isStopped;

    /// <summary>
    /// How many rows may still be read. Rows that were reported as bad count, too; and behind one it may be 0 at once, where what was made
    /// of it has filled the channels.
    /// </summary>
    public int Free => _isStopped ? 0 : Math.Max(0, Math.Min(_limit, _toPass) - _batch.Count);

    /// <summary>Appends a row; call it only while <see cref="Free"/> is positive.</summary>
    /// <param name="row">The row.</param>
    public void Append(in T row)
    {
        _batch.Rows[_batch.Count] = row;
        _batch.Count++;
    }

    /// <summary>The free part of the batch, to be filled in place; follow with <see cref="Advance"/>.</summary>
    /// <returns>The rows that still fit.</returns>
    public Span<T> FreeRows() => _batch.Rows.AsSpan(_batch.Count, Free);

    /// <summary>Says how many of <see cref="FreeRows"/> have been filled.</summary>
    /// <param name="count">0 to <see cref="Free"/>.</param>
    public void Advance(int count) => _batch.Count += count;

    /// <summary>Begins a read.</summary>
    /// <param name="batch">Where the rows go.</param>
    /// <param name="limit">How many rows may be appended.</param>
    /// <param name="toPass">How many the reader may come past, appended or not.</param>
    internal void Attach(Batch<T> batch, int limit, int toPass = int.MaxValue) =>
        (_batch, _limit, _toPass, _isStopped) = (batch, limit, toPass, false);

    /// <summary>The reader has come past a row, or a line without one, that it does not append.</summary>
    internal void PassOver() => _toPass--;

    /// <summary>No more rows may be read now.</summary>
    internal void Stop() => _isStopped = true;

    /// <summary>Room for rows whose number was asked for before, when some of those in front of them were not known to be bad.</summary>
    internal Span<T> Room(int count) => _batch.Rows.AsSpan(_batch.Count, count);
}
