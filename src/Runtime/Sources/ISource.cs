using System.Buffers;
using Penstock.Streams;

namespace Penstock.Sources;

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
    /// <summary>Appends the next rows until the batch is full, the input is dry for the moment, or the split ends. Must not wait.</summary>
    /// <param name="rows">Where the rows go.</param>
    /// <returns>Whether more is to come.</returns>
    ReadStatus Read(RowAppender<T> rows);

    /// <summary>Writes the position behind the last row that was appended.</summary>
    /// <param name="position">Where to write it.</param>
    void SavePosition(IBufferWriter<byte> position);

    /// <summary>Says where a row of the last <see cref="Read"/> stands, for messages: a file and a line, a partition and an offset.</summary>
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

    /// <summary>How many rows still fit.</summary>
    public int Free => _limit - _batch.Count;

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

    internal void Attach(Batch<T> batch, int limit)
    {
        _batch = batch;
        _limit = limit;
    }
}
