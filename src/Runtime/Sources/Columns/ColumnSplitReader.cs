using System.Buffers;
using Penstock.Connectors;
using Penstock.Errors;

namespace Penstock.Sources;

/// <summary>Reads the rows of a split whose reader provides columns.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TRows">Creates rows from columns.</typeparam>
internal sealed class ColumnSplitReader<T, TRows>(IColumnReader<T> reader, IBadRowHandler badRows)
    : ColumnAppender(TRows.Schema), ISplitReader<T>
    where TRows : struct, IColumnRowReader<T>
{
    // The indices of the bad rows among those of the last Read.
    private readonly RemovedRows _bad = new();
    private RowAppender<T> _rows = null!;
    private int _limit;
    private int _handed;

    public override int Free => Math.Min(Remaining, _rows.Free);

    // The room that the reader had at the start of the read.
    private int Remaining => _limit - _handed;

    public ReadStatus Read(RowAppender<T> rows)
    {
        _rows = rows;
        (_limit, _handed) = (rows.Free, 0);
        _bad.Clear();
        Unset();
        return reader.Read(this);
    }

    public override void Append(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw new ColumnMistakeException($"Append was called for {count} rows, where 0 to {Remaining} are possible.");
        }

        Check(count);
        for (var from = 0; from < count;)
        {
            var (end, column) = FindNull(from, count);
            Make(from, end - from);
            from = end;
            if (column != null)
            {
                Refuse(from++, column);
            }
        }

        _handed += count;
        Unset();
    }

    public void SavePosition(IBufferWriter<byte> position) => reader.SavePosition(position);

    public string Describe(int index) => reader.Describe(_bad.IndexAsRead(index));

    public void Dispose() => reader.Dispose();

    private void Check(int count)
    {
        foreach (var column in Columns)
        {
            if (!column.IsSet && column.Column.IsOptional)
            {
                column.SetDefault(count);
            }

            if (!column.IsSet || column.Length < count || (!column.Valid.IsEmpty && column.Valid.Length < count))
            {
                throw new ColumnMistakeException($"Append was called for {count} rows, but column '{column.Column.Name}' " + (
                    !column.IsSet ? "was not set."
                    : column.Length < count ? $"has {column.Length} values."
                    : $"says of {column.Valid.Length} values whether they are valid."));
            }
        }
    }

    // Finds the first row with null in a column that cannot be null.
    private (int Index, RowColumn? Column) FindNull(int from, int to)
    {
        RowColumn? found = null;
        foreach (var column in Columns)
        {
            if (!column.Column.IsNullable && !column.IsDefault && column.IndexOfNull(from, to) is var index && index < to)
            {
                (to, found) = (index, column.Column);
            }
        }

        return (to, found);
    }

    private void Make(int from, int count)
    {
        (From, Count) = (from, count);
        var rows = _rows.GetSpan(count);
        try
        {
            TRows.Read(this, rows);
        }
        catch (Exception error)
        {
            throw Failed(from, rows, error);
        }

        _rows.Advance(count);
    }

    private void Refuse(int index, RowColumn column)
    {
        _bad.Add(_handed + index);
        badRows.Handle(new BadRow(
            reader.Describe(_handed + index),
            BadRow.NoPosition,
            column.Name,
            "expected a value, found null",
            TextOf(index)));
    }

    // The loop over the rows keeps no index, because errors are rare: the rows are created again to find the failed one.
    private RowFailedException Failed(int from, Span<T> rows, Exception error)
    {
        for (var index = 0; index < rows.Length; index++)
        {
            (From, Count) = (from + index, 1);
            try
            {
                TRows.Read(this, rows.Slice(index, 1));
            }
            catch (Exception again)
            {
                return RowFailedException.At(PlaceOf(_handed + from + index), TextOf(from + index), again);
            }
        }

        return RowFailedException.At(null, null, error);
    }

    private string? PlaceOf(int index)
    {
        try
        {
            return reader.Describe(index);
        }
        catch (Exception)
        {
            // This is called because of another error, which takes precedence.
            return null;
        }
    }

    private string TextOf(int index) => string.Join(", ", Columns.Select(column => $"{column.Column.Name}: {column.TextAt(index)}"));

    private void Unset()
    {
        foreach (var column in Columns)
        {
            column.Unset();
        }
    }
}
