
namespace Penstock.Connectors;

/// <summary>Writes the rows of one subtask column by column. Only a writer of an <see cref="IColumnSink{T}"/> may implement it.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IColumnWriter<T> : ISinkWriter<T>
{
    /// <summary>Writes rows. They stay invisible until the checkpoint that follows them is committed.</summary>
    /// <param name="columns">The rows; valid only during the call.</param>
    /// <param name="checkpoint">The checkpoint that will commit them.</param>
    void Write(ColumnBatch columns, long checkpoint);

    /// <summary>Not supported and never called: rows are converted to columns.</summary>
    /// <param name="batch">Not used.</param>
    /// <param name="checkpoint">Not used.</param>
    void ISinkWriter<T>.Write(Batch<T> batch, long checkpoint) => throw new NotSupportedException("A column writer takes a ColumnBatch.");
}
