using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>Puts frames together from bytes as they come.</summary>
/// <param name="handle">Takes a frame.</param>
internal sealed class FrameReader(FrameReader.FrameHandler handle)
{
    // A frame of which more has to come.
    private readonly ByteBuffer _begun = new();

    /// <summary>Takes a whole frame.</summary>
    public delegate void FrameHandler(in FrameHeader header, ReadOnlySpan<byte> body);

    /// <summary>Takes the next bytes, and hands on the frames that end in them.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">What has come is no frame.</exception>
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

    // How many bytes a frame has, as far as its begin tells. A header is looked at when it is whole: a length that is damaged is not waited
    // for.
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
