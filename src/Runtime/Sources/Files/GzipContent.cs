using System.IO.Compression;
using Penstock.Files;

namespace Penstock.Sources.Files;

/// <summary>
/// The decompressed content of a gzip file. <see cref="GZipStream"/> takes the end of the file for the end of the content
/// wherever it comes; so that a file that was cut off is not read as a shorter one, a mark is put behind it, compressed, and
/// expected at the end of the content.
/// </summary>
internal sealed class GzipContent : IDisposable
{
    private static readonly byte[] Mark = "penstock: whole."u8.ToArray();
    private static readonly byte[] CompressedMark = Compress(Mark);

    private readonly GZipStream _decompressed;
    private readonly byte[] _block = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _hasEnded;

    public GzipContent(IReadableFile file) => _decompressed = new GZipStream(new MarkedStream(file), CompressionMode.Decompress);

    /// <summary>Reads on.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="InvalidDataException">The file is no gzip file, broken, or cut off.</exception>
    public int Read(Span<byte> target)
    {
        while (!_hasEnded && _end - _start <= Mark.Length)
        {
            _block.AsSpan(_start, _end - _start).CopyTo(_block);
            _end -= _start;
            _start = 0;
            var count = _decompressed.Read(_block.AsSpan(_end));
            _end += count;
            if (count == 0)
            {
                _hasEnded = _block.AsSpan(0, _end).SequenceEqual(Mark) ? true : throw new InvalidDataException("The file ends too early.");
            }
        }

        var available = _hasEnded ? 0 : Math.Min(target.Length, _end - _start - Mark.Length);
        _block.AsSpan(_start, available).CopyTo(target);
        _start += available;
        return available;
    }

    public void Dispose() => _decompressed.Dispose();

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    // The file, and the compressed mark behind it.
    private sealed class MarkedStream(IReadableFile file) : Stream
    {
        private readonly long _length = file.Length;
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => _length + CompressedMark.Length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = _position < _length ? file.Read(_position, buffer) : ReadMark(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // Nothing is ever written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        // A file without a byte is no gzip file: no mark makes it one.
        private int ReadMark(Span<byte> buffer)
        {
            var mark = _length == 0 ? default : CompressedMark.AsSpan((int)(_position - _length));
            var count = Math.Min(mark.Length, buffer.Length);
            mark[..count].CopyTo(buffer);
            return count;
        }
    }
}
