using System.Runtime.CompilerServices;
using MemoryPack;
using Penstock.Streams;

namespace Penstock.State;

/// <summary>
/// Whole rows that an operator keeps until a time, addressed by their position. They lie in pages to which rows are only appended, without
/// an object for each row: text is inline, as UTF-8. Rows are removed roughly in the order in which they were added. A page without rows is
/// used again. If a quarter of all memory is free space between rows, pages that are at most half full are moved to smaller arrays; this
/// does not change positions.
/// </summary>
/// <remarks>
/// Not safe for several threads, except for the frozen versions that it makes. Once warm, nothing allocates, except for the strings and
/// objects of a row that is read.
/// </remarks>
/// <typeparam name="TRow">The row type.</typeparam>
/// <typeparam name="TCodec">The codec of a row.</typeparam>
internal sealed class RowStore<TRow, TCodec>
    where TCodec : struct, IRowCodec<TRow>
{
    // Larger rows have a page of their own.
    private const int MaxShared = RowPagePool.PageSize / 4;

    // Free space of so many bytes is not worth a move.
    private const long MinSparse = 1024 * 1024;

    // The number of other pages that are visited for each page that is added, ends or moves.
    private const int Swept = 4;

    private readonly RowPagePool _pool;
    private readonly RowFreeze _freeze = new();
    private readonly RowBytes _bytes = new();
    private readonly MemoryPackWriterOptionalState _writing = MemoryPackWriterOptionalStatePool.Rent(null);
    private readonly MemoryPackReaderOptionalState _reading = MemoryPackReaderOptionalStatePool.Rent(null);

    // Pages without an array.
    private readonly Stack<RowPage> _unused = new();

    // A ring of pages by number, from _first up to _end; null for a page without rows.
    private RowPage?[] _pages = new RowPage?[16];
    private long _first;
    private long _end;
    private long _swept;
    private RowPage? _last;
    private int _number;
    private long _capacity;
    private long _usedBytes;
    private long _reported;

    /// <summary>Creates a store without rows.</summary>
    /// <param name="memory">The memory account, or null for none.</param>
    public RowStore(StateMemory? memory) => _pool = new RowPagePool(memory);

    /// <summary>The number of rows.</summary>
    public long Count { get; private set; }

    /// <summary>A position after all rows, and not after any that is added later.</summary>
    public RowPosition End => _last == null ? new RowPosition(_end, 0) : new RowPosition(_end - 1, _last.Used);

    /// <summary>Adds a row.</summary>
    /// <returns>Its position, larger than all earlier ones.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowPosition Add(in TRow row)
    {
        if (!RowMemory<TRow, TCodec>.IsPlain)
        {
            return AddMembers(in row);
        }

        var size = Unsafe.SizeOf<TRow>();
        var page = _last;
        if (page == null || page.Free.Length < size)
        {
            page = AddPage();
        }

        Unsafe.WriteUnaligned(ref page.Free[..size][0], row);
        return Append(page, size);
    }

    /// <summary>Reads a row.</summary>
    public TRow Read(RowPosition position) => RowMemory<TRow, TCodec>.Read(At(PageOf(position), position), _reading, out _);

    /// <summary>Reads a row and removes it.</summary>
    public TRow Take(RowPosition position)
    {
        var page = PageOf(position);
        var row = RowMemory<TRow, TCodec>.Read(At(page, position), _reading, out var length);
        Remove(page, position, length);
        return row;
    }

    /// <summary>Removes a row without reading it.</summary>
    public void Remove(RowPosition position)
    {
        var page = PageOf(position);
        Remove(page, position, page.LengthAt(position.Offset));
    }

    /// <summary>Returns the bytes that begin with a row, to be changed. A frozen version keeps those that it has.</summary>
    public Span<byte> Change(RowPosition position)
    {
        var page = PageOf(position);
        if (page.FrozenIn == _number && page.FrozenIn != 0 && _pool.IsFrozen())
        {
            var frozenIn = page.FrozenIn;
            var target = _pool.Rent(page.Capacity, 0);
            _capacity += target.Length;
            Return(page.CopyTo(target), frozenIn);
        }

        return page.Memory.Array.AsSpan(page.Memory.Find(position.Offset) + RowPage.HeaderSize);
    }

    /// <summary>Removes all rows.</summary>
    public void Clear()
    {
        for (var number = _first; number < _end; number++)
        {
            if (PlaceOf(number) is { } page)
            {
                Release(page, number);
            }
        }

        (_first, _last, Count, _usedBytes) = (_end, null, 0, 0);
    }

    /// <summary>Freezes the rows for a background thread to read. The previous freeze must have ended.</summary>
    /// <returns>The frozen version, which its reader must end.</returns>
    public RowFreeze Freeze()
    {
        if (_pool.IsFrozen())
        {
            throw new InvalidOperationException("The rows are frozen already.");
        }

        var count = (int)(_end - _first);
        var frozen = _freeze.Begin(++_number, _first, count);
        for (var index = 0; index < count; index++)
        {
            if (PlaceOf(_first + index) is { } page)
            {
                page.FrozenIn = _number;
                frozen[index] = new FrozenPage(page.Memory, page.Used, page.IsSingle);
            }
        }

        _pool.KeepFor(_freeze);
        return _freeze;
    }

    private static ReadOnlySpan<byte> At(RowPage page, RowPosition position) =>
        page.Memory.Array.AsSpan(page.Memory.Find(position.Offset) + RowPage.HeaderSize);

    private void Remove(RowPage page, RowPosition position, int length)
    {
        page.Remove(position.Offset, length);
        Count--;
        _usedBytes -= length + RowPage.HeaderSize;
        if (page != _last && TryShrink(page, position.Page))
        {
            Sweep();
        }
    }

    private RowPage PageOf(RowPosition position) => PlaceOf(position.Page)!;

    private ref RowPage? PlaceOf(long number) => ref _pages[number & (_pages.Length - 1)];

    private RowPosition AddMembers(in TRow row)
    {
        var page = _last ?? AddPage();
        RowMemory<TRow, TCodec>.WriteMembers(in row, _bytes.Begin(page), _bytes, _writing);
        var length = _bytes.Length;
        if (length <= MaxShared && _bytes.IsInPage)
        {
            return Append(page, length);
        }

        _bytes.LeavePage();
        var isShared = length <= MaxShared;
        if (!isShared || page.Free.Length < length)
        {
            // A page for a single row is not the last one, to which others are appended.
            page = isShared ? AddPage() : AddPage(length + RowPage.HeaderSize, isLast: false);
        }

        _bytes.Written.CopyTo(page.Free);
        _bytes.End();
        if (isShared)
        {
            return Append(page, length);
        }

        page.AppendOnly(length);
        Count++;
        _usedBytes += length + RowPage.HeaderSize;
        return new RowPosition(_end - 1, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RowPosition Append(RowPage page, int length)
    {
        Count++;
        _usedBytes += length + RowPage.HeaderSize;
        return new RowPosition(_end - 1, page.Append(length));
    }

    private RowPage AddPage(int size = RowPagePool.PageSize, bool isLast = true)
    {
        Seal();
        Sweep();
        if (_end - _first == _pages.Length)
        {
            Grow();
        }

        if (!_unused.TryPop(out var page))
        {
            page = new RowPage();
        }

        page.Begin(_pool.Rent(size, Count - _reported));
        _reported = Count;
        _capacity += page.Capacity;
        PlaceOf(_end++) = page;
        _last = isLast ? page : null;
        return page;
    }

    // Ends the last page. Nothing is appended to it any more.
    private void Seal()
    {
        if (_last is { } sealing)
        {
            _last = null;
            TryShrink(sealing, _end - 1);
        }
    }

    // Visits some other pages: one may be sparse although no row of it is removed any more.
    private void Sweep()
    {
        for (var visited = 0; visited < Swept && _first < _end; visited++)
        {
            _swept = _swept < _first || _swept >= _end ? _first : _swept;
            if (PlaceOf(_swept) is { } page && page != _last)
            {
                TryShrink(page, _swept);
            }

            _swept++;
        }
    }

    private bool TryShrink(RowPage page, long number)
    {
        if (page.Count == 0)
        {
            Release(page, number);
            while (_first < _end && PlaceOf(_first) == null)
            {
                _first++;
            }

            return true;
        }

        if (page.BytesWhenMoved * 2 <= page.Capacity
            && page.Capacity is > RowPagePool.MinSize and <= RowPagePool.PageSize
            && _capacity - _usedBytes > Math.Max(MinSparse, _capacity / 4))
        {
            var frozenIn = page.FrozenIn;
            var target = _pool.Rent(page.BytesWhenMoved, 0);
            _capacity += target.Length;
            Return(page.MoveTo(target), frozenIn);
            return true;
        }

        return false;
    }

    private void Release(RowPage page, long number)
    {
        PlaceOf(number) = null;
        var frozenIn = page.FrozenIn;
        Return(page.End(), frozenIn);
        _unused.Push(page);
    }

    private void Return(byte[] array, int frozenIn)
    {
        _capacity -= array.Length;
        _pool.Return(array, frozenIn);
    }

    private void Grow()
    {
        var larger = new RowPage?[_pages.Length * 2];
        for (var number = _first; number < _end; number++)
        {
            larger[number & (larger.Length - 1)] = PlaceOf(number);
        }

        _pages = larger;
    }
}
