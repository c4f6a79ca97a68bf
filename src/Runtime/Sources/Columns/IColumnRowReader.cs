using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources;

/// <summary>Creates rows of one type from columns. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IColumnRowReader<T>
{
    /// <summary>The columns that are read.</summary>
    static abstract RowSchema Schema { get; }

    /// <summary>Creates rows.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The buffer for the rows.</param>
    static abstract void Read(ColumnAppender columns, Span<T> rows);
}
