using System.Buffers;

namespace Penstock.State;

/// <summary>
/// Receives the bytes of a row: in the free part of a page or, if that is too small, in a buffer of its own.
/// </summary>
internal sealed class RowBytes : IBufferWriter<byte>
{
    private const int MinBuffer = 1024;
    private const int MaxKept = 1024 * 1024;

    private RowPage? _page;
    private byte[] _buffer = [];

    /// <summary>The length of the row so far.</summary>
    public int Length { get; private set; }

    /// <summary>Indicates whether the row is in the free part of the page.</summary>
    public bool IsInPage => _page != null;

    /// <summary>The row.</summary>
    public Span<byte> Written => (_page == null ? _buffer : _page.Free)[..Length];

    /// <summary>Begins a row.</summary>
    /// <returns>The free part of the page.</returns>
    public Span<byte> Begin(RowPage page)
    {
        (_page, Length) = (page, 0);
        return page.Free;
    }

    /// <summary>Moves the row to the buffer, so that the page can change.</summary>
    public void LeavePage()
    {
        if (_page != null)
        {
            Leave(_page, Length);
        }
    }

    /// <summary>Ends a row. The buffer is kept unless it is large.</summary>
    public void End()
    {
        if (_buffer.Length > MaxKept)
        {
            _buffer = [];
        }
    }

    public void Advance(int count) => Length += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(Length);
    }

    private void Reserve(int size)
    {
        var needed = Length + Math.Max(size, 1);
        if (_page != null)
        {
            Leave(_page, needed);
        }
        else
        {
            Grow(needed);
        }
    }

    private void Leave(RowPage page, int needed)
    {
        _page = null;
        Grow(needed);
        page.Free[..Length].CopyTo(_buffer);
    }

    private void Grow(int needed)
    {
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(Math.Max(needed, MinBuffer), (int)Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        }
    }
}
