using System.Buffers;
using Penstock.Connectors;
using Penstock.Errors;

namespace Penstock.Sources;

/// <summary>Reads the rows of a split whose reader hands over columns.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TRows">Makes rows of columns.</typeparam>
internal sealed class ColumnSplitReader<T, TRows>(IColumnReader<T> reader, IBadRowHandler badRows)
    : ColumnAppender(TRows.Schema), ISplitReader<T>
    where TRows : struct, IColumnRowReader<T>
{
    // Of the rows that the last Read was handed, those that are bad, by their indices.
    private readonly RemovedRows _bad = new();
    private RowAppender<T> _rows = null!;
    private int _limit;
    private int _handed;

    public override int Free => Math.Min(Room, _rows.Free);

    // What a reader was told at first that it may hand over.
    private int Room => _limit - _handed;

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
        if ((uint)count > (uint)Room)
        {
            throw new ColumnMistakeException($"Append was called for {count} rows, where 0 to {Room} are possible.");
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

    // The first row that has null where none can be.
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
        var rows = _rows.Room(count);
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

    // The loop over the rows keeps no index for an error that hardly ever comes: they are made once more.
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
            // It is asked because of another error, which counts more.
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
