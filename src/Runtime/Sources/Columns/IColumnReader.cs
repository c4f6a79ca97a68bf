namespace Penstock.Connectors;

/// <summary>Reads one split column by column. Only an <see cref="IColumnSource{T}"/> may open one.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IColumnReader<T> : ISplitReader<T>
{
    /// <summary>
    /// Hands over the columns of the next rows, in one or several blocks, until there is no room, the input is dry for the moment, or the
    /// split ends. Must not wait.
    /// </summary>
    /// <param name="columns">Where the columns go: for each block <see cref="ColumnAppender.Set"/> each of them, then
    /// <see cref="ColumnAppender.Append"/>.</param>
    /// <returns>Whether more is to come.</returns>
    ReadStatus Read(ColumnAppender columns);

    /// <summary>Says where a row of the last <see cref="Read(ColumnAppender)"/> stands, for messages.</summary>
    /// <param name="index">The index of the row among all that the last <see cref="Read(ColumnAppender)"/> handed over, those included that
    /// null has made bad rows.</param>
    /// <returns>A text for people.</returns>
    new string Describe(int index);

    string ISplitReader<T>.Describe(int index) => Describe(index);

    /// <summary>Never called: rows are made from columns.</summary>
    /// <param name="rows">Where rows would go.</param>
    /// <returns>Nothing.</returns>
    ReadStatus ISplitReader<T>.Read(RowAppender<T> rows) => throw new NotSupportedException("A reader of columns is read by columns.");
}
