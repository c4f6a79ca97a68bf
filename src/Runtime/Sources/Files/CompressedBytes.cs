using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>
/// The bytes of a compressed file, and a mark behind them. Zeros at the end of what was read may be padding: they are given
/// out one at a time, so that it is known where the decompressor stops.
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

    /// <summary>From this place on single bytes are given out.</summary>
    public long SinglesFrom { get; init; } = long.MaxValue;

    /// <summary>How many bytes were given out last.</summary>
    public int LastCount { get; private set; }

    /// <summary>Whether bytes of the file were given out, and the mark behind them was not asked for.</summary>
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
        // Nothing is ever written.
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

    // A file without a byte is no gzip file: no mark makes it one.
    private int ReadMark(Span<byte> buffer)
    {
        var rest = _length == 0 ? default : mark.AsSpan((int)(_position - _length));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }
}
