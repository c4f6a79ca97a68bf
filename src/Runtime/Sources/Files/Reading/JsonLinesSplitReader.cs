using System.Runtime.InteropServices;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>Reads the rows of one range of a JSON Lines file.</summary>
internal sealed class JsonLinesSplitReader<T, TReader> : FileSplitReader<T>
    where TReader : struct, IJsonRowReader<T>
{
    public JsonLinesSplitReader(FileSplit split, FileSourceOptions options, IBadRowHandler badRows, StringCachePool caches, long position)
        : base(split, options, TReader.Columns, badRows, caches, position)
    {
    }

    protected override int ReadUsual(Span<T> rows, int stop)
    {
        var cursor = new JsonCursor(ref MemoryMarshal.GetArrayDataReference(Input.Data), Input.At, Input.Length + CsvCursor.Slack, Strings);
        var rowStart = 0;
        var at = Input.At;
        var count = 0;
        while (count < rows.Length && at < stop && TReader.TryRead(ref cursor, out rows[count]!))
        {
            rowStart = at;
            at = cursor.At;
            count++;
        }

        Input.At = at;
        if (count > 0)
        {
            RowStart = Input.Offset + rowStart;
        }

        return count;
    }

    protected override bool TryReadUnusual(out T row)
    {
        row = default!;
        var end = FindLineEnd();
        if (end < 0)
        {
            SkipLongLine();
            return false;
        }

        var start = Input.At;
        var text = Input.Data.AsSpan(start, end - start);
        Input.At = end + 1;
        if (text.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0)
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

        ReportBad(RowStart, text is [.., (byte)'\r'] ? text[..^1] : text);
        return false;
    }

    private bool TryReadFields(int start, ReadOnlySpan<byte> text, out T row)
    {
        row = default!;
        try
        {
            return JsonRowParser.TryParse(Input.Data, start, text.Length, Fields) && TReader.TryRead(Fields, out row!);
        }
        catch (Exception error) when (error is RowFailedException or not PipelineException)
        {
            throw Failed(error, text);
        }
    }

    protected override FileSplitReader<T> Reopen(long position, IBadRowHandler badRows) =>
        new JsonLinesSplitReader<T, TReader>(Split, Options, badRows, Caches, position);

    // Returns the index of the end of the line at Input.At, or -1 if the line is too long.
    private int FindLineEnd()
    {
        var scanned = 0;
        while (true)
        {
            var end = Input.Data.AsSpan(Input.At + scanned, Input.Length - Input.At - scanned).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return Input.At + scanned + end;
            }

            scanned = Input.Length - Input.At;
            if (!Input.Fill())
            {
                return -1;
            }
        }
    }

    private void SkipLongLine()
    {
        var start = Input.Position;
        var beginning = Input.Data.AsSpan(Input.At, Math.Min(64 * 1024, Input.Length - Input.At)).ToArray();
        int end;
        while ((end = Input.Data.AsSpan(Input.At, Input.Length - Input.At).IndexOf((byte)'\n')) < 0)
        {
            Input.Drop();
            if (!Input.Fill())
            {
                break;
            }
        }

        Input.At += end + 1;
        ReportLong(start, beginning);
    }

    private void ReportLong(long start, ReadOnlySpan<byte> text) =>
        ReportBad(start, text, "", $"the line is longer than {InputBuffer.MaxRowLength / (1024 * 1024)} MB");
}
