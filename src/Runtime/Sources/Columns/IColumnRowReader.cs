using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources;

/// <summary>Makes rows of one type from columns. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IColumnRowReader<T>
{
    /// <summary>The columns that are read.</summary>
    static abstract RowSchema Schema { get; }

    /// <summary>Makes rows.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">Where the rows go.</param>
    static abstract void Read(ColumnAppender columns, Span<T> rows);
}
