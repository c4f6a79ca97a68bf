using System.Buffers.Binary;

namespace Penstock.State;

/// <summary>
/// The pages of kept rows as of a barrier. The subtask continues immediately: it only appends to the arrays that the version contains, or
/// replaces them. So the version can be read without locks.
/// </summary>
internal sealed class RowFreeze
{
    private FrozenPage[] _pages = [];
    private long _first;
    private int _count;
    private volatile bool _isDone = true;

    /// <summary>Indicates whether the frozen version is no longer needed.</summary>
    public bool IsDone => _isDone;

    /// <summary>The number of the freeze, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Starts a version.</summary>
    /// <param name="number">The number of the freeze.</param>
    /// <param name="first">The number of the first page.</param>
    /// <param name="count">The number of pages.</param>
    /// <returns>Receives each page.</returns>
    public Span<FrozenPage> Begin(int number, long first, int count)
    {
        if (_pages.Length < count || _pages.Length > 1024 && _pages.Length > 4 * count)
        {
            _pages = new FrozenPage[count + count / 4];
        }

        (Number, _first, _count, _isDone) = (number, first, count, false);
        return _pages.AsSpan(0, count);
    }

    /// <summary>Returns the bytes that begin with a row. Called on a background thread.</summary>
    public ReadOnlySpan<byte> At(RowPosition position)
    {
        var page = _pages[position.Page - _first].Memory;
        return page.Array.AsSpan(page.Find(position.Offset) + RowPage.HeaderSize);
    }

    /// <summary>
    /// Visits the rows from a position on in the order in which they were added. Called on a background thread. Rows that were removed
    /// before the barrier may be visited, too: the caller has to know which ones it needs.
    /// </summary>
    /// <param name="from">The position of the first row.</param>
    /// <param name="visitor">Is called for each page.</param>
    public void Read<TVisitor>(RowPosition from, ref TVisitor visitor)
        where TVisitor : IPageVisitor
    {
        for (var index = (int)Math.Max(0, from.Page - _first); index < _count; index++)
        {
            if (_pages[index].Memory.Array != null)
            {
                var number = _first + index;
                visitor.Visit(new FrozenRows(in _pages[index], number, number == from.Page ? from.Offset : 0));
            }
        }
    }

    /// <summary>Ends the freeze. May be called on any thread, but not while the version is read.</summary>
    public void End() => _isDone = true;

    /// <summary>Releases the memory of the version. Called on the thread of the subtask.</summary>
    public void Release() => Array.Clear(_pages);
}

/// <summary>A page as of a barrier.</summary>
/// <param name="Memory">Its memory; that of no array for a page without rows.</param>
/// <param name="Used">The end of its last row.</param>
/// <param name="IsSingle">Whether it has a single row, without a header.</param>
internal readonly record struct FrozenPage(PageMemory Memory, int Used, bool IsSingle);

/// <summary>Visits the pages of a frozen version.</summary>
internal interface IPageVisitor
{
    /// <summary>Visits the rows of the next page.</summary>
    void Visit(FrozenRows rows);
}

/// <summary>Enumerates the rows of a page as of a barrier.</summary>
internal ref struct FrozenRows
{
    private readonly FrozenPage _page;
    private readonly long _number;
    private readonly int _from;

    // The offset of the next row or, if rows were moved, the index of its entry.
    private int _next;
    private int _offset;
    private int _present;

    public FrozenRows(in FrozenPage page, long number, int from)
    {
        (_page, _number, _from) = (page, number, from);
        _next = page.Memory.Moved == 0 ? from : 0;
    }

    /// <summary>The position of the current row.</summary>
    public readonly RowPosition Position => new(_number, _offset);

    /// <summary>The bytes that begin with the current row.</summary>
    public readonly ReadOnlySpan<byte> Row => _page.Memory.Array.AsSpan(_present + RowPage.HeaderSize);

    public bool MoveNext()
    {
        if (_page.Memory.Moved == 0)
        {
            (_offset, _present) = (_next, _next);
            if (_next >= _page.Used)
            {
                return false;
            }

            _next = _page.IsSingle ? _page.Used : _next + RowPage.HeaderSize + LengthAt(_next);
            return true;
        }

        while (_next < _page.Memory.Moved)
        {
            var entry = _page.Memory.Entries[_next++];
            (_offset, _present) = ((int)(entry >> 16), (int)(entry & ushort.MaxValue));
            if (_offset >= _from)
            {
                return true;
            }
        }

        // Rows that were added since the move are none: only full pages are moved.
        return false;
    }

    private readonly int LengthAt(int offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(_page.Memory.Array.AsSpan(offset)) & RowPage.MaxRow;
}
