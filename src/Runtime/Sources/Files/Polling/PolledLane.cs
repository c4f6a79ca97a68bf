using System.Buffers;
using System.Runtime.InteropServices;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>
/// One of the lanes of a source that looks for files: it reads the files that belong to it, one after the other. Its position is the file
/// that is being read, how far, and which files were read before.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class PolledLane<T> : ISplitReader<T>, ITimeHolder
{
    private readonly PolledFileSource<T> _source;
    private readonly IBadRowHandler _badRows;
    private byte[] _position;
    private ISplitReader<T>? _reader;
    private bool _isClosed;
    private bool _isFresh;

    // How many files wait, by the listing that brought them.
    private readonly Dictionary<long, int> _files = [];

    // The listing that has brought the file that is read, or was read last; 0 before the first one.
    private long _listing;

    // Whether the file is one of several of its listing in this lane. A job that is restored goes on with what its first listing brings.
    private bool _isOneOfSeveral;

    public PolledLane(PolledFileSource<T> source, string id, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        (_source, _badRows) = (source, badRows);
        (Current, _position, _isOneOfSeveral) = PolledPosition.Read(id, position, Done);
    }

    /// <summary>The files that were read to their end.</summary>
    public ReadFiles Done { get; } = new();

    /// <summary>The file that is being read; null between two.</summary>
    public InputFile? Current { get; private set; }

    /// <summary>How many more are known.</summary>
    public int Waiting { get; private set; }

    /// <summary>Whether the last result of the lane was that it has no more for now: then it does not hold time back.</summary>
    public bool CountsAsIdle { get; private set; }

    /// <summary>
    /// Whether the time of the lane waits until the files that one listing has brought are read: they were there together, and which of
    /// them is read first is chance.
    /// </summary>
    public bool HoldsTime
    {
        get
        {
            if (!_source.IsListed)
            {
                return _isOneOfSeveral;
            }

            var more = _files.ContainsKey(Math.Max(_listing, _source.FirstListing));
            return Current == null ? more && _isOneOfSeveral : more || _isOneOfSeveral;
        }
    }

    /// <summary>A listing has brought a file.</summary>
    public void Await(long listing)
    {
        Waiting++;
        CollectionsMarshal.GetValueRefOrAddDefault(_files, listing, out _)++;
    }

    /// <summary>A file that a listing has brought waits no longer.</summary>
    public void Forgo(long listing)
    {
        Waiting--;
        if (--CollectionsMarshal.GetValueRefOrAddDefault(_files, listing, out _) == 0)
        {
            _files.Remove(listing);
        }
    }

    /// <summary>Begins a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="listing">The listing that has brought it.</param>
    public void Begin(InputFile file, long listing)
    {
        (Current, _position, _isFresh) = (file, [], true);
        Forgo(listing);
        if (listing != _listing && listing != _source.FirstListing)
        {
            _isOneOfSeveral = false;
        }

        _isOneOfSeveral |= _files.ContainsKey(listing);
        _listing = listing;
    }

    public ReadStatus Read(RowAppender<T> rows)
    {
        // The places of its rows are not needed any more.
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
            // Its reader is kept until the next read: an error in one of these rows names its place.
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

        // A file of which nothing was read is found again. Time that the last files have held back may not have been sent on yet: a job
        // that goes on does that.
        PolledPosition.Write(position, Done, _isFresh ? null : Current, inner.WrittenSpan, _isOneOfSeveral);
    }

    public string Describe(int index) => _reader?.Describe(index) ?? "";

    public void Dispose() => _reader?.Dispose();

    private ReadStatus ReadFile(InputFile file, RowAppender<T> rows)
    {
        _reader ??= _source.OpenFile(file, _position, _badRows);
        return _reader.Read(rows);
    }
}
