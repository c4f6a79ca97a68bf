using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Sinks.Files;

/// <summary>Writes the part files of one subtask.</summary>
internal sealed class FileSinkWriter<T, TWriter>(FileSinkOptions options, IPartStore parts, PartNames names, int subtask)
    : ISinkWriter<T>, IClosingWriter
    where TWriter : struct, IRowWriter<T>
{
    private readonly Utf8Buffer _buffer = new(options.Buffer * 2);
    private List<Task<PreparedPart>> _closed = [];
    private PartOutput? _part;
    private string _name = "";
    private long _checkpoint;
    private int _sequence;

    public Task Closing => Task.WhenAll(_closed);

    public void Write(Batch<T> batch, long checkpoint)
    {
        try
        {
            WriteRows(batch, checkpoint);
        }
        catch (Exception error) when (error is not PipelineException)
        {
            ThrowIfRowFails(batch);
            throw;
        }
    }

    private void WriteRows(Batch<T> batch, long checkpoint)
    {
        var rows = batch.Rows;
        var kinds = batch.Kinds;
        var count = batch.Count;
        for (var i = 0; i < count; i++)
        {
            if (_part == null)
            {
                Begin(checkpoint);
            }

            TWriter.Write(_buffer, in rows[i], kinds == null ? RowKind.Insert : kinds[i]);
            if (_buffer.Length >= options.Buffer || _part!.Length + _buffer.Length >= options.RollSize)
            {
                Flush();
                if (_part!.Length >= options.RollSize)
                {
                    Close();
                }
            }
        }
    }

    public ValueTask<byte[]> PrepareAsync(long checkpoint)
    {
        if (_part != null)
        {
            Close();
        }

        _sequence = 0;
        if (_closed.Count == 0)
        {
            return new([]);
        }

        var closed = _closed;
        _closed = [];
        return new(Finish(closed));
    }

    public void Interrupt() => parts.Interrupt();

    public void Dispose()
    {
        try
        {
            _part?.Dispose();
        }
        finally
        {
            _buffer.Dispose();
            parts.Dispose();
        }
    }

    // The loop over the rows keeps no index, because errors are rare: the rows are written again to nowhere, to find the failed one.
    private static void ThrowIfRowFails(Batch<T> batch)
    {
        using var nowhere = new Utf8Buffer(FileSinkOptions.UsualBuffer);
        for (var i = 0; i < batch.Count; i++)
        {
            nowhere.Clear();
            try
            {
                TWriter.Write(nowhere, in batch.Rows[i], batch.KindOf(i));
            }
            catch (Exception error) when (error is not PipelineException)
            {
                throw new RowWriteException(i, error);
            }
        }
    }

    private async Task<byte[]> Finish(List<Task<PreparedPart>> closed)
    {
        var prepared = await Task.WhenAll(closed);
        await parts.SealAsync();
        return PreparedParts.Write(prepared);
    }

    private void Begin(long checkpoint)
    {
        if (checkpoint != _checkpoint)
        {
            _checkpoint = checkpoint;
            _sequence = 0;
        }

        _name = names.Visible(subtask, checkpoint, _sequence++);
        _part = new PartOutput(parts.Create(_name), options.IsCompressed);
        _buffer.Append(TWriter.Header);
    }

    private void Flush()
    {
        _part!.Append(_buffer.Written);
        _buffer.Clear();
    }

    private void Close()
    {
        Flush();
        var part = _part!;
        _part = null;
        _closed.Add(CloseAsync(part, _name));
    }

    private static async Task<PreparedPart> CloseAsync(PartOutput part, string name)
    {
        var ticket = await part.CloseAsync();
        return new PreparedPart(name, part.Length, ticket);
    }
}
