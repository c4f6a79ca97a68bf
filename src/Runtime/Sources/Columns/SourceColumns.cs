using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources;

/// <summary>What the compiler knows of the columns of a source.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SourceColumns<T>
{
    private readonly Func<IColumnReader<T>, IBadRowHandler, ISplitReader<T>>? _toRows;

    private SourceColumns(RowSchema schema, Func<IColumnReader<T>, IBadRowHandler, ISplitReader<T>>? toRows) =>
        (Schema, _toRows) = (schema, toRows);

    /// <summary>The columns that are read.</summary>
    public RowSchema Schema { get; }

    /// <summary>Of a source that learns the columns, and makes its rows itself.</summary>
    /// <param name="schema">The columns that are read.</param>
    /// <returns>What to tell it.</returns>
    public static SourceColumns<T> Told(RowSchema schema) => new(schema, null);

    /// <summary>Of a source that hands over columns.</summary>
    /// <typeparam name="TRows">Makes rows of them.</typeparam>
    /// <returns>What to tell it, and how to read it.</returns>
    public static SourceColumns<T> Read<TRows>()
        where TRows : struct, IColumnRowReader<T> =>
            new(TRows.Schema, static (reader, badRows) => new ColumnSplitReader<T, TRows>(reader, badRows));

    /// <summary>What reads the rows of a split; null where that is not possible.</summary>
    internal ISplitReader<T>? ToRows(IColumnReader<T> reader, IBadRowHandler badRows) => _toRows?.Invoke(reader, badRows);
}
