using System.Buffers;

namespace Penstock.Streams;

/// <summary>A reusable buffer for bytes to be sent.</summary>
/// <param name="maxKept">The maximum size of memory to keep. Memory that grew beyond it for a large row is released.</param>
internal sealed class ByteBuffer(int maxKept = 1024 * 1024) : IBufferWriter<byte>
{
    private const int MinBytes = 4 * 1024;

    private byte[] _bytes = [];

    /// <summary>The number of bytes in the buffer.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; valid until more are added.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

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

    /// <summary>Appends bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Reserves room for bytes that are written later.</summary>
    public void Skip(int count)
    {
        Reserve(count);
        Length += count;
    }

    /// <summary>Removes the first bytes.</summary>
    public void RemoveFirst(int count)
    {
        Written[count..].CopyTo(_bytes);
        Length -= count;
    }

    /// <summary>Empties the buffer. Its memory is kept unless it is large.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > maxKept)
        {
            _bytes = [];
        }
    }

    private void Reserve(int size)
    {
        var needed = Length + Math.Max(size, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(needed, MinBytes), (int)Math.Min(_bytes.Length * 2L, Array.MaxLength)));
        }
    }
}
