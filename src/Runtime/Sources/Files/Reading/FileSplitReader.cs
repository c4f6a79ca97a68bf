using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Formats;
using Penstock.Streams;

namespace Penstock.Sources.Files;

/// <summary>The base of readers for one range of a file.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal abstract class FileSplitReader<T> : ISplitReader<T>
{
    private const byte PositionVersion = 1;
    private const int PositionLength = 9;
    private const int MaxText = 64 * 1024;

    private readonly IBadRowHandler _badRows;
    private readonly StringCachePool _caches;
    private RowAppender<T>? _rows;
    private LineCounter? _lines;
    private long _readStart;
    private bool _readsOneByOne;

    protected FileSplitReader(
        FileSplit split,
        FileSourceOptions options,
        TextColumn[] columns,
        IBadRowHandler badRows,
        StringCachePool caches,
        long position)
    {
        Split = split;
        Options = options;
        _badRows = badRows;
        _caches = caches;
        Strings = caches.Rent(columns.Length);
        Fields = new TextRow(columns, Strings);
        Input = new InputBuffer(FileByteInput.Open(options.Input, split, position), options.BufferSize);
        _readStart = position;
    }

    protected FileSplit Split { get; }

    protected FileSourceOptions Options { get; }

    protected InputBuffer Input { get; }

    protected StringCache Strings { get; }

    protected TextRow Fields { get; }

    /// <summary>The offset in the file of the last row that was read.</summary>
    protected long RowStart { get; set; }

    public ReadStatus Read(RowAppender<T> rows)
    {
        _readStart = Input.Position;
        _rows = rows;
        var free = rows.FreeRows();
        try
        {
            return Read(rows, free);
        }
        catch (Exception error) when (error is not PipelineException)
        {
            ThrowIfRowFails(free.Length);
            throw;
        }
    }

    private ReadStatus Read(RowAppender<T> rows, Span<T> free)
    {
        var count = 0;
        var status = ReadStatus.More;
        while (count < rows.Free)
        {
            if (Input.Position >= Split.End)
            {
                CheckEnd();
                status = ReadStatus.Ended;
                break;
            }

            if (Input.At >= Input.Length)
            {
                if (!Input.Fill())
                {
                    status = ReadStatus.Ended;
                    break;
                }

                continue;
            }

            // No row begins at or after this index: it is the end of the range, or of the complete lines in the buffer.
            var stop = (int)Math.Min(Input.Limit, Split.End - Input.Offset);
            var usual = Input.At >= stop || Input.CanHoldLongRows
                ? 0
                : _readsOneByOne ? ReadOneUsual(free[count..], stop) : ReadUsual(free[count..rows.Free], stop);
            count += usual;
            if (usual == 0 && TryReadUnusual(out free[count]))
            {
                count++;
            }
        }

        Strings.Rows += count;
        rows.Advance(count);
        return status;
    }

    public void SavePosition(IBufferWriter<byte> position)
    {
        var bytes = position.GetSpan(PositionLength);
        bytes[0] = PositionVersion;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], Input.Position);
        position.Advance(PositionLength);
    }

    public string Describe(int index)
    {
        // The positions of rows are not kept: the rows of the last read are read again.
        using var again = Reopen(_readStart, new Ignore());
        var rows = new RowAppender<T>();
        rows.Attach(new BatchPool<T>(index + 1).Rent(), index + 1);
        again.Read(rows);
        return $"{Split.Path}, line {Lines.LineAt(again.RowStart)}";
    }

    public void Dispose()
    {
        Input.Dispose();
        _lines?.Dispose();
        _caches.Return(Strings);
    }

    /// <summary>Reads an offset written by <see cref="SavePosition"/>.</summary>
    internal static long PositionOf(FileSplit split, ReadOnlySpan<byte> position)
    {
        if (position.IsEmpty)
        {
            return split.Start;
        }

        return position.Length == PositionLength && position[0] == PositionVersion
            ? BinaryPrimitives.ReadInt64LittleEndian(position[1..])
            : throw new PipelineException(
                ErrorCodes.NewerRelease,
                $"{split.Path}: the position in the checkpoint has a format that this version does not know. Start from an older "
                    + $"checkpoint or with a newer version.");
    }

    /// <summary>Reads rows in the usual form, up to the first one that is not.</summary>
    /// <param name="rows">The buffer for the rows.</param>
    /// <param name="stop">The index in the buffer at or after which no row begins.</param>
    /// <returns>The number of rows read; <see cref="InputBuffer.At"/> is after the last one.</returns>
    protected abstract int ReadUsual(Span<T> rows, int stop);

    /// <summary>Reads the next row in any form, and skips it if it is empty or bad.</summary>
    /// <returns><c>true</c> if there is a row.</returns>
    protected abstract bool TryReadUnusual(out T row);

    /// <summary>Records that a line without a row was skipped. There may be many of them.</summary>
    protected void NoteEmpty() => _rows!.PassOver();

    /// <summary>Opens the same split again.</summary>
    protected abstract FileSplitReader<T> Reopen(long position, IBadRowHandler badRows);

    /// <summary>Reports the row as bad with the error in <see cref="Fields"/>.</summary>
    protected void ReportBad(long rowStart, ReadOnlySpan<byte> text) => ReportBad(rowStart, text, Fields.ErrorColumn, Fields.Error);

    protected void ReportBad(long rowStart, ReadOnlySpan<byte> text, string column, string error) =>
        _badRows.Handle(new BadRow(
            Split.Path,
            Lines.LineAt(rowStart),
            column,
            error,
            Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxText)])));

    /// <summary>Creates the exception for a row whose reading threw an exception.</summary>
    protected RowFailedException Failed(Exception error, ReadOnlySpan<byte> text) =>
        RowFailedException.At(
            $"{Split.Path}, line {Lines.LineAt(RowStart)}",
            Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxText)]),
            error);

    protected StringCachePool Caches => _caches;

    // A row that fails in the usual form is read again field by field, which shows whether its event time failed.
    private int ReadOneUsual(Span<T> free, int stop)
    {
        try
        {
            return ReadUsual(free[..1], stop);
        }
        catch (Exception error) when (error is not PipelineException)
        {
            RowStart = Input.Position;
            TryReadUnusual(out free[0]);
            var start = (int)(RowStart - Input.Offset);
            throw Failed(error, Input.Data.AsSpan(start, Input.At - 1 - start).TrimEnd((byte)'\r'));
        }
    }

    // The loops over usual rows keep no position, because errors are rare: the rows are read again one by one.
    private void ThrowIfRowFails(int rows)
    {
        using var again = Reopen(_readStart, new Ignore());
        again._readsOneByOne = true;
        var appender = new RowAppender<T>();
        appender.Attach(new BatchPool<T>(rows).Rent(), rows);
        try
        {
            again.Read(appender);
        }
        catch (Exception error) when (error is not RowFailedException)
        {
            // The input cannot be read again, as before.
        }
    }

    // If a file was divided without looking at its quotes, the next range may begin within a row. After a last line without a line break
    // there is one extra byte.
    private void CheckEnd()
    {
        if (Input.Position > Split.End + 1)
        {
            throw new PipelineException(
                ErrorCodes.RowAcrossSplits,
                $"{Split.Path}: the row before byte {Split.End}, where the file is divided, does not end there: it has a line end in "
                    + $"quotes. Set MultiLine to true for this source, and start over with an empty checkpoint folder and an empty "
                    + $"output.");
        }
    }

    private LineCounter Lines => _lines ??= new LineCounter(Options.Input, Split);

    private sealed class Ignore : IBadRowHandler
    {
        public void Handle(in BadRow row)
        {
            // The error was reported at its first occurrence.
        }
    }
}
