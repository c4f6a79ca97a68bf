namespace Penstock.State;

/// <summary>
/// The pages of kept rows as of a barrier. The subtask continues immediately: it only appends to the arrays that the version contains, or
/// replaces them. So the version can be read without locks.
/// </summary>
internal sealed class RowFreeze
{
    private PageMemory[] _pages = [];
    private long _first;
    private volatile bool _isDone = true;

    /// <summary>Indicates whether the frozen version is no longer needed.</summary>
    public bool IsDone => _isDone;

    /// <summary>The number of the freeze, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Starts a version.</summary>
    /// <param name="number">The number of the freeze.</param>
    /// <param name="first">The number of the first page.</param>
    /// <param name="count">The number of pages.</param>
    /// <returns>Receives the memory of each page.</returns>
    public Span<PageMemory> Begin(int number, long first, int count)
    {
        if (_pages.Length < count || _pages.Length > 1024 && _pages.Length > 4 * count)
        {
            _pages = new PageMemory[count + count / 4];
        }

        (Number, _first, _isDone) = (number, first, false);
        return _pages.AsSpan(0, count);
    }

    /// <summary>Returns the bytes that begin with a row. Called on a background thread.</summary>
    public ReadOnlySpan<byte> At(RowPosition position)
    {
        ref readonly var page = ref _pages[position.Page - _first];
        return page.Array.AsSpan(page.Find(position.Offset) + RowPage.HeaderSize);
    }

    /// <summary>Ends the freeze. May be called on any thread, but not while the version is read.</summary>
    public void End() => _isDone = true;

    /// <summary>Releases the memory of the version. Called on the thread of the subtask.</summary>
    public void Release() => Array.Clear(_pages);
}
