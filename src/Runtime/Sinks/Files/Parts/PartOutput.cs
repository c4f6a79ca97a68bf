using System.IO.Compression;

namespace Penstock.Sinks.Files;

/// <summary>Writes the bytes of a part: unchanged, or as one complete gzip member, which is deterministic.</summary>
internal sealed class PartOutput : IDisposable
{
    private readonly IPart _part;
    private readonly GZipStream? _gzip;
    private bool _isGivenUp;

    public PartOutput(IPart part, bool isCompressed)
    {
        _part = part;
        _gzip = isCompressed ? new GZipStream(new Target(this), CompressionLevel.Optimal) : null;
    }

    /// <summary>The number of bytes written to the part. The compressor holds some back until the part is closed.</summary>
    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_gzip == null)
        {
            Store(bytes);
        }
        else
        {
            _gzip.Write(bytes);
        }
    }

    public Task<byte[]> CloseAsync()
    {
        try
        {
            // Flushes the compressor.
            _gzip?.Dispose();
        }
        catch
        {
            Dispose();
            throw;
        }

        return _part.CloseAsync();
    }

    public void Dispose()
    {
        // The bytes that the compressor still holds belong to an abandoned part.
        _isGivenUp = true;
        _gzip?.Dispose();
        _part.Dispose();
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        _part.Append(bytes);
        Length += bytes.Length;
    }

    /// <summary>The target stream of the compressor.</summary>
    private sealed class Target(PartOutput output) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!output._isGivenUp)
            {
                output.Store(buffer);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // The part is made durable when it is closed.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
