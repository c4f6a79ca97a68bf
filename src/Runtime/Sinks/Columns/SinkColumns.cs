using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>The columns of a sink, as determined by the compiler.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SinkColumns<T>
{
    private readonly Func<IColumnWriter<T>, ISinkWriter<T>>? _ofRows;

    private SinkColumns(RowSchema schema, Func<IColumnWriter<T>, ISinkWriter<T>>? ofRows) => (Schema, _ofRows) = (schema, ofRows);

    /// <summary>The columns of the rows.</summary>
    public RowSchema Schema { get; }

    /// <summary>Creates the instance for a sink that gets the columns and takes rows.</summary>
    /// <param name="schema">The columns of the rows.</param>
    /// <returns>The columns of the sink.</returns>
    public static SinkColumns<T> ForSchema(RowSchema schema) => new(schema, null);

    /// <summary>Creates the instance for a sink that takes columns.</summary>
    /// <typeparam name="TRows">Creates columns from rows.</typeparam>
    /// <returns>The columns of the sink, with the code that writes rows to them.</returns>
    public static SinkColumns<T> ForWriter<TRows>()
        where TRows : struct, IColumnRowWriter<T> => new(TRows.Schema, static writer => new ColumnSinkWriter<T, TRows>(writer));

    /// <summary>Returns a row writer for a column writer, or null if the sink takes rows itself.</summary>
    internal ISinkWriter<T>? OfRows(IColumnWriter<T> writer) => _ofRows?.Invoke(writer);
}
