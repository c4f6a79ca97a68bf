using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>Creates columns from rows of one type. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IColumnRowWriter<T>
{
    /// <summary>The columns of the rows.</summary>
    static abstract RowSchema Schema { get; }

    /// <summary>Writes rows as columns.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">Receives the columns.</param>
    static abstract void Write(ReadOnlySpan<T> rows, ColumnBatch columns);
}
