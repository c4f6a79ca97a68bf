using System.Buffers;
using System.Runtime.InteropServices;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>
/// A lane of a polling file source: reads the files that belong to it one after the other. Its position consists of the current file, the
/// position in it, and the files read before.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class PolledLane<T> : ISplitReader<T>, IWatermarkHolder
{
    private readonly PolledFileSource<T> _source;
    private readonly IBadRowHandler _badRows;
    private byte[] _position;
    private ISplitReader<T>? _reader;
    private bool _isClosed;
    private bool _isFresh;

    // The number of waiting files, by listing.
    private readonly Dictionary<long, int> _files = [];

    // The listing of the current or last file; 0 before the first one.
    private long _listing;

    // Indicates whether the file is one of several of its listing in this lane. After a restore the value applies to the files of the first
    // listing.
    private bool _isOneOfSeveral;

    public PolledLane(PolledFileSource<T> source, string id, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        (_source, _badRows) = (source, badRows);
        (Current, _position, _isOneOfSeveral) = PolledPosition.Read(id, position, Done);
    }

    /// <summary>The files that were read completely.</summary>
    public CompletedFiles Done { get; } = new();

    /// <summary>The file that is being read, or null between files.</summary>
    public InputFile? Current { get; private set; }

    /// <summary>The number of files that wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>
    /// Indicates whether the last read of the lane reported that there are no more rows for now, so that it does not hold the watermark
    /// back.
    /// </summary>
    public bool CountsAsIdle { get; private set; }

    /// <summary>
    /// Indicates whether the watermark of the lane waits until all files of one listing are read: they appeared together, and their order
    /// is arbitrary.
    /// </summary>
    public bool HoldsWatermark
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

    /// <summary>Adds a waiting file of a listing.</summary>
    public void Await(long listing)
    {
        Waiting++;
        CollectionsMarshal.GetValueRefOrAddDefault(_files, listing, out _)++;
    }

    /// <summary>Removes a waiting file of a listing.</summary>
    public void RemoveWaiting(long listing)
    {
        Waiting--;
        if (--CollectionsMarshal.GetValueRefOrAddDefault(_files, listing, out _) == 0)
        {
            _files.Remove(listing);
        }
    }

    /// <summary>Starts to read a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="listing">The listing that contains it.</param>
    public void Begin(InputFile file, long listing)
    {
        (Current, _position, _isFresh) = (file, [], true);
        RemoveWaiting(listing);
        if (listing != _listing && listing != _source.FirstListing)
        {
            _isOneOfSeveral = false;
        }

        _isOneOfSeveral |= _files.ContainsKey(listing);
        _listing = listing;
    }

    public ReadStatus Read(RowAppender<T> rows)
    {
        // The positions of its rows are no longer needed.
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
            (Current, _isClosed) = (null, true);
            _source.PutBack(this, file, _listing);
            return ReadStatus.More;
        }

        _isFresh = false;
        if (status == ReadStatus.Ended)
        {
            // Its reader is kept until the next read, because an error in one of these rows needs its position.
            Done.Add(CompletedFiles.KeyOf(file.Path), file.Fingerprint);
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

        // A file of which nothing was read is found again. A watermark that the last files have held back may not have been sent yet: the
        // restored job sends it.
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
