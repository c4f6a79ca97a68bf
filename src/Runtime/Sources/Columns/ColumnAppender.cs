using System.ComponentModel;
using Penstock.Streams;

namespace Penstock.Connectors;

/// <summary>Accepts blocks of rows from a column reader.</summary>
public abstract class ColumnAppender
{
    private protected ColumnAppender(RowSchema schema)
    {
        Schema = schema;
        Columns = [.. schema.Columns.Select(static column => column.CreateValues())];
    }

    /// <summary>The columns that are read.</summary>
    public RowSchema Schema { get; }

    /// <summary>The number of rows that still fit.</summary>
    public abstract int Free { get; }

    private protected ColumnValues[] Columns { get; }

    /// <summary>The start of the block that is being converted to rows.</summary>
    private protected int From { get; set; }

    /// <summary>The number of rows being converted.</summary>
    private protected int Count { get; set; }

    /// <summary>
    /// Sets the values of a column for the next block. <see cref="Append"/> copies them; they must not change before that.
    /// </summary>
    /// <typeparam name="TValue">The type of the column, as in <see cref="RowColumn.Type"/>.</typeparam>
    /// <param name="column">The index of the column in <see cref="Schema"/>.</param>
    /// <param name="values">At least as many values as the block has rows.</param>
    /// <param name="valid">
    /// Indicates for each value whether it is valid; the others are null. Empty if all are valid. Strings and byte arrays may also be null
    /// themselves.
    /// </param>
    public void Set<TValue>(int column, ReadOnlyMemory<TValue> values, ReadOnlyMemory<bool> valid = default)
    {
        if ((uint)column >= (uint)Columns.Length)
        {
            throw new ColumnMistakeException(
                $"Set was called for column {column}, but the columns that are read are 0 to "
                    + $"{Columns.Length - 1}: the columns passed to SetProjection.");
        }

        if (Columns[column] is not ColumnValues<TValue> known)
        {
            var wrong = Columns[column].Column;
            throw new ColumnMistakeException(
                $"Column '{wrong.Name}' was handed over as values of type {typeof(TValue).Name}. It has values of type {wrong.Type.Name}.");
        }

        known.Set(values, valid);
    }

    /// <summary>
    /// Appends the rows of a block. A row with null in a column that cannot be null is a bad row. Each column must be set before the call,
    /// and is unset after it. A column that is <see cref="RowColumn.IsOptional"/> may be left unset: its member then has the value that the
    /// row type declares.
    /// </summary>
    /// <param name="count">The number of rows in the block: 0 to <see cref="Free"/>.</param>
    public abstract void Append(int count);

    /// <summary>Returns the values of a column, for the rows that are being created.</summary>
    /// <typeparam name="TValue">The type of the column.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <returns>The values.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReadOnlySpan<TValue> Values<TValue>(int column) => ((ColumnValues<TValue>)Columns[column]).At(From, Count);

    /// <summary>Returns which values of a column are valid, for the rows that are being created.</summary>
    /// <param name="column">The index of the column.</param>
    /// <returns>One value per row.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReadOnlySpan<bool> Valid(int column) => Columns[column].ValidAt(From, Count);
}

/// <summary>Thrown when a reader provides columns incorrectly. The driver of the source adds the name of the source.</summary>
internal sealed class ColumnMistakeException(string message) : InvalidOperationException(message);
