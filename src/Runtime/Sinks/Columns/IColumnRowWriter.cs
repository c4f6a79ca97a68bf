using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>Makes columns from rows of one type. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IColumnRowWriter<T>
{
    /// <summary>The columns of the rows.</summary>
    static abstract RowSchema Schema { get; }

    /// <summary>Makes columns.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">Where the columns go.</param>
    static abstract void Write(ReadOnlySpan<T> rows, ColumnBatch columns);
}
