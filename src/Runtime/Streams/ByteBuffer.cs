using System.Buffers;

namespace Penstock.Streams;

/// <summary>Bytes that are put together to be sent, in memory that is used again.</summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private const int FewestBytes = 4 * 1024;

    // What one large row has made larger is given back.
    private const int MostBytes = 1024 * 1024;

    private byte[] _bytes = [];

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; they stay where they are until more are added.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The bytes, for a call that goes on meanwhile.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Empties it; its memory stays, unless it is large.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MostBytes)
        {
            _bytes = [];
        }
    }

    private void Reserve(int size)
    {
        var needed = Length + Math.Max(size, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(needed, FewestBytes), (int)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        }
    }
}
