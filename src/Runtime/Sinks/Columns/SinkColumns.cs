using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>What the compiler knows of the columns of a sink.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SinkColumns<T>
{
    private readonly Func<IColumnWriter<T>, ISinkWriter<T>>? _ofRows;

    private SinkColumns(RowSchema schema, Func<IColumnWriter<T>, ISinkWriter<T>>? ofRows) => (Schema, _ofRows) = (schema, ofRows);

    /// <summary>The columns of the rows.</summary>
    public RowSchema Schema { get; }

    /// <summary>Of a sink that learns the columns, and takes rows.</summary>
    /// <param name="schema">The columns of the rows.</param>
    /// <returns>What to tell it.</returns>
    public static SinkColumns<T> Told(RowSchema schema) => new(schema, null);

    /// <summary>Of a sink that takes columns.</summary>
    /// <typeparam name="TRows">Makes them of rows.</typeparam>
    /// <returns>What to tell it, and how to write to it.</returns>
    public static SinkColumns<T> Written<TRows>()
        where TRows : struct, IColumnRowWriter<T> => new(TRows.Schema, static writer => new ColumnSinkWriter<T, TRows>(writer));

    /// <summary>What takes rows for a writer; null where that is not possible.</summary>
    internal ISinkWriter<T>? OfRows(IColumnWriter<T> writer) => _ofRows?.Invoke(writer);
}
