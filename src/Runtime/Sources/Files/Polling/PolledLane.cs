using System.Buffers;

namespace Penstock.Sources.Files;

/// <summary>
/// One of the lanes of a source that looks for files: it reads those that fall to it, one after the other. Its position is the file that is being read,
/// how far, and which files were read before.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class PolledLane<T> : ISplitReader<T>
{
    private readonly PolledFileSource<T> _source;
    private readonly IBadRowHandler _badRows;
    private byte[] _position;
    private ISplitReader<T>? _reader;
    private bool _isClosed;
    private bool _isFresh;

    public PolledLane(PolledFileSource<T> source, string id, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        (_source, _badRows) = (source, badRows);
        (Current, _position) = PolledPosition.Read(id, position, Done);
    }

    /// <summary>The files that were read to their end.</summary>
    public ReadFiles Done { get; } = new();

    /// <summary>The file that is being read; null between two.</summary>
    public InputFile? Current { get; private set; }

    /// <summary>How many more are known.</summary>
    public int Waiting { get; set; }

    /// <summary>Whether the lane has said that it is at its end for now, and nothing else since: it holds time back no longer.</summary>
    public bool CountsAsIdle { get; private set; }

    /// <summary>Begins a file.</summary>
    public void Begin(InputFile file)
    {
        (Current, _position, _isFresh) = (file, [], true);
        Waiting--;
    }

    public ReadStatus Read(RowAppender<T> rows)
    {
        // Nobody asks any more where one of its rows stands.
        if (_isClosed)
        {
            _reader?.Dispose();
            (_reader, _isClosed) = (null, false);
        }

        if (Current is not { } file || rows.Free == 0)
        {
            CountsAsIdle = Current == null && Waiting == 0 && _source.IsKnown;
            return CountsAsIdle ? ReadStatus.CaughtUp : ReadStatus.More;
        }

        ReadStatus status;
        try
        {
            status = ReadFile(file, rows);
        }
        catch (PipelineException error) when (_isFresh && error.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            _source.NoteGone(file);
            (Current, _isClosed) = (null, true);
            return ReadStatus.More;
        }

        _isFresh = false;
        if (status == ReadStatus.Ended)
        {
            // Its reader is kept for now: somebody may ask where one of these rows stands.
            Done.Add(ReadFiles.KeyOf(file.Path), file.Fingerprint);
            (Current, _position, _isClosed) = (null, [], true);
        }

        return ReadStatus.More;
    }

    public void SavePosition(IBufferWriter<byte> position)
    {
        var inner = new ArrayBufferWriter<byte>(16);
        if (Current != null && _reader != null && !_isClosed)
        {
            _reader.SavePosition(inner);
        }
        else
        {
            inner.Write(_position);
        }

        // A file of which nothing was read is found again.
        PolledPosition.Write(position, Done, _isFresh ? null : Current, inner.WrittenSpan);
    }

    public string Describe(int index) => _reader?.Describe(index) ?? "";

    public void Dispose() => _reader?.Dispose();

    private ReadStatus ReadFile(InputFile file, RowAppender<T> rows)
    {
        _reader ??= _source.OpenFile(file, _position, _badRows);
        return _reader.Read(rows);
    }
}
