using System.ComponentModel;
using Penstock.Streams;

namespace Penstock.Connectors;

/// <summary>Where a reader of columns hands over blocks of rows.</summary>
public abstract class ColumnAppender
{
    private protected ColumnAppender(RowSchema schema)
    {
        Schema = schema;
        Columns = [.. schema.Columns.Select(static column => column.CreateValues())];
    }

    /// <summary>The columns that are read.</summary>
    public RowSchema Schema { get; }

    /// <summary>How many rows still fit.</summary>
    public abstract int Free { get; }

    private protected ColumnValues[] Columns { get; }

    /// <summary>Where the block begins that is being made into rows.</summary>
    private protected int From { get; set; }

    /// <summary>How many rows are being made.</summary>
    private protected int Count { get; set; }

    /// <summary>
    /// Hands over the values of a column for the next block. They are copied by <see cref="Append"/>, and must not change before.
    /// </summary>
    /// <typeparam name="TValue">The type of the column: that which <see cref="RowColumn.Type"/> says.</typeparam>
    /// <param name="column">The index of the column in <see cref="Schema"/>.</param>
    /// <param name="values">At least as many values as the block has rows.</param>
    /// <param name="valid">Which of them are valid, the others being null; empty where all are. Texts and arrays of bytes may also be null
    /// themselves.</param>
    public void Set<TValue>(int column, ReadOnlyMemory<TValue> values, ReadOnlyMemory<bool> valid = default)
    {
        if ((uint)column >= (uint)Columns.Length)
        {
            throw new ColumnMistakeException(
                $"Set was called for column {column}, but the columns that are read are 0 to "
                    + $"{Columns.Length - 1}: those that SetProjection has told.");
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
    /// Appends the rows of a block. A row that has null in a column that cannot be null is a bad row. Each column must have been set
    /// before; it is unset afterwards. A column that is <see cref="RowColumn.IsOptional"/> may be left out: what the row type declares
    /// stands then.
    /// </summary>
    /// <param name="count">How many rows the block has: 0 to <see cref="Free"/>.</param>
    public abstract void Append(int count);

    /// <summary>The values of a column, for the rows that are being made.</summary>
    /// <typeparam name="TValue">The type of the column.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <returns>The values.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReadOnlySpan<TValue> Values<TValue>(int column) => ((ColumnValues<TValue>)Columns[column]).At(From, Count);

    /// <summary>Which values of a column are valid, for the rows that are being made.</summary>
    /// <param name="column">The index of the column.</param>
    /// <returns>A value for each row.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReadOnlySpan<bool> Valid(int column) => Columns[column].ValidAt(From, Count);
}

/// <summary>A reader hands over columns in a way in which none may. The driver of the source says whose mistake it is.</summary>
internal sealed class ColumnMistakeException(string message) : InvalidOperationException(message);
