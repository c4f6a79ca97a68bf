using System.Runtime.InteropServices;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>Reads the rows of one range of a CSV file.</summary>
internal sealed class CsvSplitReader<T, TReader> : FileSplitReader<T>
    where TReader : struct, ICsvRowReader<T>
{
    private readonly CsvLayout _layout;
    private readonly byte _delimiter;
    private readonly CsvNormalizer _normalizer;

    public CsvSplitReader(
        FileSplit split,
        FileSourceOptions options,
        CsvLayout layout,
        IBadRowHandler badRows,
        StringCachePool caches,
        long position)
        : base(split, options, TReader.Columns, badRows, caches, position)
    {
        _layout = layout;
        _delimiter = (byte)options.Delimiter;
        _normalizer = layout.CreateNormalizer(TReader.Columns);
    }

    protected override int ReadUsual(Span<T> rows, int stop)
    {
        var count = _layout.MatchesExpectedColumns ? ReadPredicted(rows, stop) : 0;

        // A row in the usual form has all columns.
        return _layout.LacksColumns ? count : count + ReadNormalized(rows[count..], stop);
    }

    protected override bool TryReadUnusual(out T row)
    {
        row = default!;
        var end = FindRowEnd();
        if (end < 0)
        {
            SkipLongRow();
            return false;
        }

        // The buffer adds a line break after a last line without one, and after a quote that is never closed.
        var start = Input.At;
        var text = Input.Data.AsSpan(start, end - start);
        text = text is [.., (byte)'\r'] ? text[..^1] : text;
        Input.At = end + 1;
        if (text.IsEmpty && !_layout.HasEmptyRows)
        {
            RecordEmptyLine();
            return false;
        }

        RowStart = Input.Offset + start;
        if (text.Length > InputBuffer.MaxRowLength)
        {
            ReportLong(RowStart, text);
            return false;
        }

        if (TryReadFields(start, text, out row))
        {
            return true;
        }

        ReportBad(RowStart, text);
        return false;
    }

    private bool TryReadFields(int start, ReadOnlySpan<byte> text, out T row)
    {
        row = default!;
        try
        {
            return _layout.TryParse(Input.Data, start, start + text.Length, Fields) && TReader.TryRead(Fields, out row!);
        }
        catch (Exception error) when (error is RowFailedException or not PipelineException)
        {
            throw Failed(error, text);
        }
    }

    protected override FileSplitReader<T> Reopen(long position, IBadRowHandler badRows) =>
        new CsvSplitReader<T, TReader>(Split, Options, _layout, badRows, Caches, position);

    private int ReadPredicted(Span<T> rows, int stop)
    {
        var cursor = new CsvCursor(ref MemoryMarshal.GetArrayDataReference(Input.Data), Input.At, _delimiter, Strings);
        var rowStart = 0;
        var at = Input.At;
        var count = 0;
        var skipsEmpty = _layout.SkipsEmptyLines;
        while (count < rows.Length && at < stop)
        {
            cursor.BeginRow();
            if ((skipsEmpty && IsEmptyLine(at)) || !TReader.TryRead(ref cursor, out rows[count]!))
            {
                break;
            }

            rowStart = at;
            at = cursor.At;
            count++;
        }

        if (count > 0)
        {
            RowStart = Input.Offset + rowStart;
        }

        Input.At = at;
        return count;
    }

    // In a file with the expected columns, reads at most one row: the next one may have the usual form again.
    private int ReadNormalized(Span<T> rows, int stop)
    {
        var count = 0;
        while (count < rows.Length && Input.At < stop && (count == 0 || !_layout.MatchesExpectedColumns))
        {
            var next = _layout.SkipsEmptyLines && IsEmptyLine(Input.At) ? 0 : _normalizer.Normalize(Input.Data, Input.At);
            if (next == 0)
            {
                break;
            }

            var cursor = new CsvCursor(ref _normalizer.Row, 0, _delimiter, Strings);
            cursor.BeginRow();
            if (!TReader.TryRead(ref cursor, out rows[count]!))
            {
                break;
            }

            RowStart = Input.Position;
            Input.At = next;
            count++;
        }

        return count;
    }

    private bool IsEmptyLine(int at) => Input.Data[at] is (byte)'\n' or (byte)'\r';

    // Returns the index of the line break that ends the row at Input.At, or -1 if the row is too long.
    private int FindRowEnd()
    {
        var scanned = 0;
        var quotes = default(QuoteParity);
        while (true)
        {
            var end = quotes.FindLineEnd(Input.Data.AsSpan(Input.At + scanned, Input.Length - Input.At - scanned));
            if (end >= 0)
            {
                return Input.At + scanned + end;
            }

            scanned = Input.Length - Input.At;
            if (!Input.Fill())
            {
                // The file ends inside quotes: the rest of it is the row.
                return Input.IsAtEnd ? Input.Length - 1 : -1;
            }
        }
    }

    private void SkipLongRow()
    {
        var start = Input.Position;
        var beginning = Input.Data.AsSpan(Input.At, Math.Min(64 * 1024, Input.Length - Input.At)).ToArray();
        var quotes = default(QuoteParity);
        while (true)
        {
            var end = quotes.FindLineEnd(Input.Data.AsSpan(Input.At, Input.Length - Input.At));
            if (end >= 0)
            {
                Input.At += end + 1;
                break;
            }

            Input.Drop();
            if (!Input.Fill())
            {
                break;
            }
        }

        ReportLong(start, beginning);
    }

    private void ReportLong(long start, ReadOnlySpan<byte> text) =>
        ReportBad(
            start,
            text,
            "",
            $"the row is longer than {InputBuffer.MaxRowLength / (1024 * 1024)} MB; a quote that is never closed may be the reason");
}
