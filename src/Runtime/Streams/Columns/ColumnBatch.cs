using System.ComponentModel;
using Penstock.Streams;

namespace Penstock.Connectors;

/// <summary>
/// The rows of a batch as columns. What it shows is valid during the call that it was handed to: the memory is used again.
/// </summary>
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

    /// <summary>How many rows the batch holds.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The event times of the rows, in microseconds since the Unix epoch; 0 unless the sink is an <see cref="IEventTimeSink"/>.
    /// </summary>
    public ReadOnlySpan<long> Times => _batch == null ? [] : _batch.Times.AsSpan(_from, Count);

    /// <summary>What a row means.</summary>
    /// <param name="index">The index of the row.</param>
    /// <returns>Its kind.</returns>
    public RowKind KindOf(int index) => _batch?.KindOf(_from + index) ?? RowKind.Insert;

    /// <summary>The values of a column. Where a row has none, the value is the default of its type.</summary>
    /// <typeparam name="TValue">The type of the column.</typeparam>
    /// <param name="column">The index of the column in <see cref="Schema"/>.</param>
    /// <returns>As many values as there are rows.</returns>
    public ReadOnlySpan<TValue> Values<TValue>(int column) => Room<TValue>(column);

    /// <summary>Which values of a column are valid; the others are null.</summary>
    /// <param name="column">The index of the column in <see cref="Schema"/>.</param>
    /// <returns>A value for each row; empty for a column that cannot be null.</returns>
    public ReadOnlySpan<bool> Valid(int column) => Schema.Columns[column].IsNullable ? ValidRoom(column) : [];

    /// <summary>Where the values of a column go.</summary>
    /// <typeparam name="TValue">The type of the column.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <returns>Room for as many values as there are rows.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Span<TValue> Room<TValue>(int column) => _buffers[column] is ColumnBuffer<TValue> buffer
        ? buffer.Values(Count)
        : throw new InvalidOperationException(
            $"Column '{Schema.Columns[column].Name}' has values of type {Schema.Columns[column].Type.Name}, not {typeof(TValue).Name}.");

    /// <summary>Where it goes which values of a column are valid.</summary>
    /// <param name="column">The index of the column.</param>
    /// <returns>Room for as many values as there are rows.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Span<bool> ValidRoom(int column) => _buffers[column].Valid(Count);

    /// <summary>Makes room for some rows of a batch.</summary>
    internal void Begin(Batch batch, int from, int count) => (_batch, _from, Count) = (batch, from, count);

    /// <summary>Lets go of the rows.</summary>
    internal void End()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Clear(Count);
        }

        (_batch, _from, Count) = (null, 0, 0);
    }
}
