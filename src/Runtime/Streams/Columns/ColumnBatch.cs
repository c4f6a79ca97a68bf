using System.ComponentModel;
using Penstock.Streams;

namespace Penstock.Connectors;

/// <summary>The rows of a batch as columns. Its memory is reused, so the data are valid only during the call that receives it.</summary>
public sealed class ColumnBatch
{
    private readonly ColumnBuffer[] _buffers;
    private Batch? _batch;
    private int _from;

    internal ColumnBatch(RowSchema schema)
    {
        Schema = schema;
        _buffers = [.. schema.Columns.Select(static column => column.CreateBuffer())];
    }

    /// <summary>The columns.</summary>
    public RowSchema Schema { get; }

    /// <summary>The number of rows in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The event times of the rows, in microseconds since the Unix epoch; 0 unless the sink is an <see cref="IEventTimeSink"/>.
    /// </summary>
    public ReadOnlySpan<long> Times => _batch == null ? [] : _batch.Times.AsSpan(_from, Count);

    /// <summary>Returns the kind of a row.</summary>
    /// <param name="index">The index of the row.</param>
    /// <returns>The row kind.</returns>
    public RowKind KindOf(int index) => _batch?.KindOf(_from + index) ?? RowKind.Insert;

    /// <summary>Returns the values of a column. For a null, the value is the default of the type.</summary>
    /// <typeparam name="TValue">The type of the column.</typeparam>
    /// <param name="column">The index of the column in <see cref="Schema"/>.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<TValue> Values<TValue>(int column) => WritableValues<TValue>(column);

    /// <summary>Returns which values of a column are valid; the others are null.</summary>
    /// <param name="column">The index of the column in <see cref="Schema"/>.</param>
    /// <returns>One value per row; empty for a column that cannot be null.</returns>
    public ReadOnlySpan<bool> Valid(int column) => Schema.Columns[column].IsNullable ? WritableValid(column) : [];

    /// <summary>Returns the buffer for the values of a column.</summary>
    /// <typeparam name="TValue">The type of the column.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <returns>A buffer with one value per row.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Span<TValue> WritableValues<TValue>(int column) => _buffers[column] is ColumnBuffer<TValue> buffer
        ? buffer.Values(Count)
        : throw new InvalidOperationException(
            $"Column '{Schema.Columns[column].Name}' has values of type {Schema.Columns[column].Type.Name}, not {typeof(TValue).Name}.");

    /// <summary>Returns the buffer that indicates which values of a column are valid.</summary>
    /// <param name="column">The index of the column.</param>
    /// <returns>A buffer with one value per row.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Span<bool> WritableValid(int column) => _buffers[column].Valid(Count);

    /// <summary>Attaches rows of a batch and makes room for them.</summary>
    internal void Begin(Batch batch, int from, int count) => (_batch, _from, Count) = (batch, from, count);

    /// <summary>Releases the rows.</summary>
    internal void End()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Clear(Count);
        }

        (_batch, _from, Count) = (null, 0, 0);
    }
}
