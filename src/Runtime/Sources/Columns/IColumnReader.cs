namespace Penstock.Connectors;

/// <summary>Reads one split column by column. Only a reader of an <see cref="IColumnSource{T}"/> may implement it.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IColumnReader<T> : ISplitReader<T>
{
    /// <summary>
    /// Appends the columns of the next rows, in one or several blocks, until there is no room, no input is available for now, or the split
    /// ends. Must not block.
    /// </summary>
    /// <param name="columns">
    /// Receives the columns. For each block, call <see cref="ColumnAppender.Set"/> for every column, then
    /// <see cref="ColumnAppender.Append"/>.
    /// </param>
    /// <returns>The status of the split after the call.</returns>
    ReadStatus Read(ColumnAppender columns);

    /// <summary>Describes the position of a row of the last <see cref="Read(ColumnAppender)"/>, for messages.</summary>
    /// <param name="index">
    /// The index of the row among all rows that the last <see cref="Read(ColumnAppender)"/> appended, including those that are bad because
    /// of a null.
    /// </param>
    /// <returns>A human-readable description.</returns>
    new string Describe(int index);

    string ISplitReader<T>.Describe(int index) => Describe(index);

    /// <summary>Not supported and never called: rows are created from columns.</summary>
    /// <param name="rows">Not used.</param>
    /// <returns>Never returns.</returns>
    ReadStatus ISplitReader<T>.Read(RowAppender<T> rows) => throw new NotSupportedException("A column reader is read with ColumnAppender.");
}
