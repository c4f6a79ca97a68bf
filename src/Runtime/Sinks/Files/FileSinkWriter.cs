using Penstock.Files;
using Penstock.Formats;
using Penstock.Streams;

namespace Penstock.Sinks.Files;

/// <summary>Writes the part files of one subtask.</summary>
internal sealed class FileSinkWriter<T, TWriter>(FileSinkOptions options, PartNames names, int subtask) : ISinkWriter<T>
    where TWriter : struct, IRowWriter<T>
{
    private const int BufferSize = 128 * 1024;

    private readonly Utf8Buffer _buffer = new(BufferSize * 2);
    private List<PreparedPart> _closed = [];
    private List<Task> _syncs = [];
    private IWritableFile? _file;
    private string _name = "";
    private long _checkpoint;
    private int _sequence;
    private long _written;
    private bool _folderExists;

    public void Write(Batch<T> batch, long checkpoint)
    {
        var rows = batch.Rows;
        var count = batch.Count;
        for (var i = 0; i < count; i++)
        {
            if (_file == null)
            {
                Begin(checkpoint);
            }

            TWriter.Write(_buffer, in rows[i]);
            if (_buffer.Length >= BufferSize || _written + _buffer.Length >= options.RollSize)
            {
                Flush();
                if (_written >= options.RollSize)
                {
                    Close();
                }
            }
        }
    }

    public ValueTask<byte[]> PrepareAsync(long checkpoint)
    {
        if (_file != null)
        {
            Close();
        }

        _sequence = 0;
        if (_closed.Count == 0)
        {
            return new([]);
        }

        var parts = _closed;
        var syncs = _syncs;
        _closed = [];
        _syncs = [];
        return new(Finish(parts, syncs));
    }

    public void Dispose()
    {
        _file?.Dispose();
        _buffer.Dispose();
    }

    private async Task<byte[]> Finish(List<PreparedPart> parts, List<Task> syncs)
    {
        await Task.WhenAll(syncs).ConfigureAwait(false);

        // The temporary names must survive a power cut, too: the manifest is going to name them.
        await Task.Run(() => options.FileSystem.SyncDirectory(names.Folder)).ConfigureAwait(false);
        return PreparedParts.Write(parts);
    }

    private void Begin(long checkpoint)
    {
        if (!_folderExists)
        {
            options.FileSystem.CreateDurableDirectory(names.Folder);
            _folderExists = true;
        }

        if (checkpoint != _checkpoint)
        {
            _checkpoint = checkpoint;
            _sequence = 0;
        }

        _name = names.Visible(subtask, checkpoint, _sequence++);
        _file = options.FileSystem.Create(names.TemporaryPathOf(_name));
        _written = 0;
        _buffer.Append(TWriter.Header);
    }

    private void Flush()
    {
        _file!.Append(_buffer.Written);
        _written += _buffer.Length;
        _buffer.Clear();
    }

    private void Close()
    {
        Flush();
        var file = _file!;
        _file = null;
        _closed.Add(new PreparedPart(_name, _written));
        _syncs.Add(Task.Run(() =>
        {
            using (file)
            {
                file.Sync();
            }
        }));
    }
}
