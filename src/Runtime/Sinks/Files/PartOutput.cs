using System.IO.Compression;

namespace Penstock.Sinks.Files;

/// <summary>
/// The bytes of a part on their way to it: as they are, or as one complete gzip member, which is the same for the same bytes.
/// </summary>
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

    /// <summary>How many bytes the part has got. The compressor holds some back until the part is closed.</summary>
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
            // Writes what it holds.
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
        // What the compressor still holds belongs to a part that is given up.
        _isGivenUp = true;
        _gzip?.Dispose();
        _part.Dispose();
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        _part.Append(bytes);
        Length += bytes.Length;
    }

    /// <summary>Where the compressor writes.</summary>
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
