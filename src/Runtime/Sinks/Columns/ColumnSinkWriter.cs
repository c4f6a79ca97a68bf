using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>Writes rows with a column writer.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TRows">Creates columns from rows.</typeparam>
internal sealed class ColumnSinkWriter<T, TRows>(IColumnWriter<T> writer) : ISinkWriter<T>
    where TRows : struct, IColumnRowWriter<T>
{
    private readonly ColumnBatch _columns = new(TRows.Schema);

    public void Write(Batch<T> batch, long checkpoint)
    {
        _columns.Begin(batch, 0, batch.Count);
        try
        {
            TRows.Write(batch.Rows.AsSpan(0, batch.Count), _columns);
        }
        catch (Exception error)
        {
            throw Failed(batch, error);
        }

        writer.Write(_columns, checkpoint);
        _columns.End();
    }

    public ValueTask<byte[]> PrepareAsync(long checkpoint) => writer.PrepareAsync(checkpoint);

    public void Interrupt() => writer.Interrupt();

    public void Dispose() => writer.Dispose();

    // The loops over the rows keep no index, because errors are rare: the members are read again to find the failed row.
    private RowWriteException Failed(Batch<T> batch, Exception error)
    {
        for (var index = 0; index < batch.Count; index++)
        {
            _columns.Begin(batch, index, 1);
            try
            {
                TRows.Write(batch.Rows.AsSpan(index, 1), _columns);
            }
            catch (Exception again)
            {
                return new RowWriteException(index, again);
            }
        }

        return new RowWriteException(-1, error);
    }
}
