using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources;

/// <summary>The columns of a source, as determined by the compiler.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SourceColumns<T>
{
    private readonly Func<IColumnReader<T>, IBadRowHandler, ISplitReader<T>>? _toRows;

    private SourceColumns(RowSchema schema, Func<IColumnReader<T>, IBadRowHandler, ISplitReader<T>>? toRows) =>
        (Schema, _toRows) = (schema, toRows);

    /// <summary>The columns that are read.</summary>
    public RowSchema Schema { get; }

    /// <summary>Creates the instance for a source that gets the columns and creates its rows itself.</summary>
    /// <param name="schema">The columns that are read.</param>
    /// <returns>The columns of the source.</returns>
    public static SourceColumns<T> ForSchema(RowSchema schema) => new(schema, null);

    /// <summary>Creates the instance for a source that provides columns.</summary>
    /// <typeparam name="TRows">Creates rows from columns.</typeparam>
    /// <returns>The columns of the source, with the code that reads rows from them.</returns>
    public static SourceColumns<T> ForReader<TRows>()
        where TRows : struct, IColumnRowReader<T> =>
            new(TRows.Schema, static (reader, badRows) => new ColumnSplitReader<T, TRows>(reader, badRows));

    /// <summary>Returns a reader for the rows of a split, or null if the source creates its rows itself.</summary>
    internal ISplitReader<T>? ToRows(IColumnReader<T> reader, IBadRowHandler badRows) => _toRows?.Invoke(reader, badRows);
}
