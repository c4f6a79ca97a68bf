
namespace Penstock.Connectors;

/// <summary>Writes the rows of one subtask column by column. Only an <see cref="IColumnSink{T}"/> may open one.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IColumnWriter<T> : ISinkWriter<T>
{
    /// <summary>Writes rows. They stay invisible until the checkpoint that follows them is committed.</summary>
    /// <param name="columns">The rows; valid during the call.</param>
    /// <param name="checkpoint">The checkpoint that will commit them.</param>
    void Write(ColumnBatch columns, long checkpoint);

    /// <summary>Never called: rows are made into columns.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    void ISinkWriter<T>.Write(Batch<T> batch, long checkpoint) => throw new NotSupportedException("A writer of columns is given columns.");
}
