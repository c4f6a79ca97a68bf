using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>
/// The bytes of a compressed file, followed by an end mark. Zeros at the end of the file may be padding: those bytes are returned one at a
/// time, to find where the decompressor stops.
/// </summary>
internal sealed class CompressedBytes(IReadableFile file, byte[] mark) : Stream
{
    private readonly long _length = file.Length;
    private long _position;
    private int _zeros;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length + mark.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The offset from which bytes are returned one at a time.</summary>
    public long SinglesFrom { get; init; } = long.MaxValue;

    /// <summary>The number of bytes in the last read.</summary>
    public int LastCount { get; private set; }

    /// <summary>Indicates whether the decompressor has read bytes of the file but not the end mark.</summary>
    public bool HasStoppedEarly => LastCount > 0 && _position <= _length;

    public override int Read(Span<byte> buffer)
    {
        LastCount = _position < _length ? ReadFile(buffer) : ReadMark(buffer);
        _position += LastCount;
        return LastCount;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // The stream is read-only.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int ReadFile(Span<byte> buffer)
    {
        if (_zeros > 0)
        {
            _zeros--;
            buffer[0] = 0;
            return 1;
        }

        var most = Math.Max(1, Math.Min(buffer.Length, SinglesFrom - _position));
        var count = file.Read(_position, buffer[..(int)most]);
        var used = buffer[..count].LastIndexOfAnyExcept((byte)0) + 1;
        if (used == count)
        {
            return count;
        }

        _zeros = count - Math.Max(1, used);
        return Math.Max(1, used);
    }

    // A file without any byte is not a gzip file, and the end mark must not make it one.
    private int ReadMark(Span<byte> buffer)
    {
        var rest = _length == 0 ? default : mark.AsSpan((int)(_position - _length));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }
}
