using Penstock.Connectors;

namespace Penstock.S3;

/// <summary>Reads an object in blocks. During sequential reading, the next block is requested in advance.</summary>
internal sealed class S3ReadableObject(S3Bucket bucket, string name, long length, int blockSize, string? etag = null) : IReadableFile
{
    private readonly CancellationTokenSource _stop = new();
    private byte[] _block = [];
    private long _blockStart;
    private Task<byte[]>? _next;
    private bool _isClosed;

    public long Length => length;

    private long BlockEnd => _blockStart + _block.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        if (offset >= length || buffer.IsEmpty)
        {
            return 0;
        }

        if (offset < _blockStart || offset >= BlockEnd)
        {
            Fetch(offset, buffer.Length);
        }

        var available = _block.AsSpan((int)(offset - _blockStart));
        var count = Math.Min(available.Length, buffer.Length);
        available[..count].CopyTo(buffer);
        return count;
    }

    public void Dispose()
    {
        // A second cancellation would throw.
        if (!_isClosed)
        {
            _isClosed = true;
            _stop.Cancel();
            _next = null;
            _stop.Dispose();
        }
    }

    private void Fetch(long offset, int wanted)
    {
        // A sequential reader will need more than it has requested; a random one will not.
        var goesOn = _block.Length > 0 && offset == BlockEnd;
        var next = goesOn && _next != null ? _next : Begin(offset, goesOn ? blockSize : Math.Min(wanted, blockSize));
        _next = null;
        (_block, _blockStart) = ([], offset);
        _block = SyncOverAsync.Wait(() => next);
        _next = goesOn && BlockEnd < length ? Begin(BlockEnd, blockSize) : null;
    }

    private Task<byte[]> Begin(long offset, int count)
    {
        var stop = _stop.Token;
        return Task.Run(() => bucket.ReadAsync(name, offset, (int)Math.Min(count, length - offset), etag, stop));
    }
}
