using System.IO.Hashing;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Kafka.Sinks;

/// <summary>Stores the messages of one subtask next to the checkpoints until their own checkpoint is committed.</summary>
internal sealed class SpoolWriter<T, TWriter>(SinkContext context, int subtask, MessageCheck check) : ISinkWriter<T>
    where TWriter : struct, IMessageWriter<T>
{
    private const int BufferSize = 128 * 1024;

    // The marker of a job without output is rewritten after this time, because brokers delete old offsets.
    private static readonly TimeSpan MarkerAge = TimeSpan.FromHours(1);

    private readonly Utf8Buffer _buffer = new(BufferSize * 2);
    private readonly XxHash3 _hash = new();
    private IWritableFile? _file;
    private string _name = "";
    private long _written;
    private long _lastPrepared = context.Time.GetTimestamp();

    public void Write(Batch<T> batch, long checkpoint)
    {
        if (batch.Count > 0 && _file == null)
        {
            _name = context.Spool.QualifyName($"{subtask}-{checkpoint:D10}");
            _file = context.Spool.Create(_name);
        }

        for (var i = 0; i < batch.Count; i++)
        {
            check.Check(MessageBuffer<T, TWriter>.Append(_buffer, batch, i));
            if (_buffer.Length >= BufferSize)
            {
                Flush();
            }
        }
    }

    public ValueTask<byte[]> PrepareAsync(long checkpoint)
    {
        if (_file is not { } file)
        {
            return new(IsMarkerOld() ? SpoolFile.MarkerOnly : []);
        }

        Flush();
        _file = null;
        _lastPrepared = context.Time.GetTimestamp();
        var prepared = new SpoolFile(_name, _written, _hash.GetCurrentHashAsUInt64());
        _hash.Reset();
        _written = 0;
        return new(Task.Run(() =>
        {
            using (file)
            {
                file.Sync();
            }

            return prepared.Serialize();
        }));
    }

    public void Interrupt() => check.Interrupt();

    public void Dispose()
    {
        _file?.Dispose();
        _buffer.Dispose();
    }

    private bool IsMarkerOld()
    {
        if (subtask != 0 || context.Time.GetElapsedTime(_lastPrepared) < MarkerAge)
        {
            return false;
        }

        _lastPrepared = context.Time.GetTimestamp();
        return true;
    }

    private void Flush()
    {
        _file!.Append(_buffer.Written);
        _hash.Append(_buffer.Written);
        _written += _buffer.Length;
        _buffer.Clear();
    }
}
