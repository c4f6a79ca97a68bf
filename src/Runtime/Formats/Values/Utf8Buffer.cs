using System.Buffers;
using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>A growing buffer of UTF-8 text. Row writers append to it, and a sink writes its content to a file.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Utf8Buffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes;

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="capacity">The initial capacity in bytes.</param>
    public Utf8Buffer(int capacity) => _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The written bytes.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Returns room for more bytes.</summary>
    /// <param name="size">The minimum number of bytes.</param>
    /// <returns>The room. Call <see cref="Advance"/> after writing to it.</returns>
    public Span<byte> GetSpan(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Grow(size);
        }

        return _bytes.AsSpan(Length);
    }

    /// <summary>Appends the bytes that were written to <see cref="GetSpan"/>.</summary>
    /// <param name="count">The number of bytes.</param>
    public void Advance(int count) => Length += count;

    /// <summary>Appends a byte.</summary>
    /// <param name="value">The byte.</param>
    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    /// <summary>Appends bytes.</summary>
    /// <param name="text">The bytes.</param>
    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(GetSpan(text.Length));
        Length += text.Length;
    }

    /// <summary>Empties the buffer and keeps its memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Returns a part of the written bytes for changing it in place, such as a length that is known only afterwards.</summary>
    /// <param name="start">The start of the part.</param>
    /// <param name="length">The length of the part in bytes.</param>
    /// <returns>The part.</returns>
    public Span<byte> Patch(int start, int length) => _bytes.AsSpan(0, Length).Slice(start, length);

    /// <inheritdoc/>
    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => GetSpan(Math.Max(sizeHint, 1));

    /// <inheritdoc/>
    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        GetSpan(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    /// <summary>Removes the last byte.</summary>
    internal void RemoveLast() => Length--;

    /// <summary>The written bytes, for changing them in place.</summary>
    internal Span<byte> Text => _bytes.AsSpan(0, Length);

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + size));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
