using System.Buffers;
using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>A growing buffer of UTF-8 text that row writers append to and a sink empties into its file.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Utf8Buffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes;

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="capacity">How many bytes it holds before it grows.</param>
    public Utf8Buffer(int capacity) => _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Room for more.</summary>
    /// <param name="size">How many bytes are needed at least.</param>
    /// <returns>The room; follow with <see cref="Advance"/>.</returns>
    public Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Grow(size);
        }

        return _bytes.AsSpan(Length);
    }

    /// <summary>Says how much of <see cref="Room"/> was written.</summary>
    /// <param name="count">How many bytes.</param>
    public void Advance(int count) => Length += count;

    /// <summary>Appends a byte.</summary>
    /// <param name="value">The byte.</param>
    public void Append(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    /// <summary>Appends bytes.</summary>
    /// <param name="text">The bytes.</param>
    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    /// <summary>Empties the buffer; its memory stays.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gives the memory back.</summary>
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

    /// <summary>A part of what was written, to be changed in place: lengths are known only afterwards.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <returns>The part.</returns>
    public Span<byte> Patch(int start, int length) => _bytes.AsSpan(0, Length).Slice(start, length);

    /// <inheritdoc/>
    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(Math.Max(sizeHint, 1));

    /// <inheritdoc/>
    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Room(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    /// <summary>Takes the last byte away.</summary>
    internal void RemoveLast() => Length--;

    /// <summary>What was written, to change in place.</summary>
    internal Span<byte> Text => _bytes.AsSpan(0, Length);

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + size));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
