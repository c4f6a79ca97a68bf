using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>Assembles frames from received bytes.</summary>
/// <param name="handle">Handles a frame.</param>
internal sealed class FrameReader(FrameReader.FrameHandler handle)
{
    // A frame that is not complete yet.
    private readonly ByteBuffer _begun = new();

    /// <summary>Handles a whole frame.</summary>
    public delegate void FrameHandler(in FrameHeader header, ReadOnlySpan<byte> body);

    /// <summary>Adds received bytes, and handles the frames that they complete.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">The received bytes are not a frame.</exception>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (_begun.Length > 0 && !bytes.IsEmpty)
        {
            var needed = Needed(_begun.Written, out _) - _begun.Length;
            var taken = Math.Min(needed, bytes.Length);
            _begun.Add(bytes[..taken]);
            bytes = bytes[taken..];
            if (Needed(_begun.Written, out var header) == _begun.Length)
            {
                Handle(in header, _begun.Written);
                _begun.Clear();
            }
        }

        while (!bytes.IsEmpty)
        {
            var length = Needed(bytes, out var header);
            if (length > bytes.Length)
            {
                _begun.Add(bytes);
                return;
            }

            Handle(in header, bytes[..length]);
            bytes = bytes[length..];
        }
    }

    // Returns the number of bytes in a frame, as far as its beginning shows. A header is validated as soon as it is complete, so that a
    // damaged length is not waited for.
    private static int Needed(ReadOnlySpan<byte> begun, out FrameHeader header)
    {
        header = default;
        if (begun.Length < FrameHeader.Size)
        {
            return FrameHeader.Size;
        }

        header = FrameHeader.Read(begun);
        return FrameHeader.Size + header.Length;
    }

    private void Handle(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        var body = frame[FrameHeader.Size..];
        header.CheckBody(body);
        handle(in header, body);
    }
}
