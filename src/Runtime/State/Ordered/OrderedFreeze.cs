namespace Penstock.State;

/// <summary>
/// Entries as of a barrier. The subtask continues to change its entries immediately: before it changes a chunk that a frozen version
/// contains, it replaces the chunk by a copy. So the version can be read without locks.
/// </summary>
/// <typeparam name="TEntry">The entries.</typeparam>
internal sealed class OrderedFreeze<TEntry>
    where TEntry : struct, IOrdered<TEntry>
{
    private readonly List<(OrderedChunk<TEntry> Chunk, int From, int Count)> _pieces = [];
    private ImageLog<TEntry>? _removed;
    private bool _all;
    private int _number;
    private byte _epoch;
    private volatile bool _isDone = true;

    /// <summary>Indicates whether the frozen version is no longer needed.</summary>
    public bool IsDone => _isDone;

    /// <summary>The number of entries at the barrier.</summary>
    public int Count { get; private set; }

    /// <summary>The first entry at the barrier, if there is one: all entries before it were taken.</summary>
    public TEntry First { get; private set; }

    /// <summary>Starts a version.</summary>
    /// <param name="all"><c>true</c> to read all entries, not only those added in the epoch that ends.</param>
    /// <param name="number">The number of the freeze, from 1.</param>
    /// <param name="epoch">The stamp of the epoch that ends.</param>
    /// <param name="count">The number of entries.</param>
    /// <param name="first">The first entry, if there is one.</param>
    public void Begin(bool all, int number, byte epoch, int count, in TEntry first)
    {
        Release();
        (_all, _number, _epoch, Count, First) = (all, number, epoch, count, first);
        _isDone = false;
    }

    /// <summary>Adds a chunk.</summary>
    public void Add(OrderedChunk<TEntry> chunk)
    {
        if (_all || chunk.HasNew)
        {
            _pieces.Add((chunk, chunk.Start, chunk.Count));
            chunk.FrozenIn = _number;
        }

        chunk.HasNew = false;
    }

    /// <summary>Takes the log of entries that were removed in the epoch that ends, and returns an empty one for the next.</summary>
    public ImageLog<TEntry>? TakeRemoved(ImageLog<TEntry>? removed)
    {
        var empty = _removed;
        _removed = removed;
        return empty;
    }

    /// <summary>Visits the entries that were removed, but not taken, in the epoch that has ended; none if all entries are read.</summary>
    public void ReadRemoved<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IImageVisitor<TEntry>
    {
        if (!_all)
        {
            _removed?.Read(ref visitor);
        }
    }

    /// <summary>Visits the entries in order. Called on a background thread.</summary>
    public void Read<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IImageVisitor<TEntry>
    {
        var added = _all ? [] : new TEntry[OrderedChunk<TEntry>.Capacity];
        foreach (var (chunk, from, count) in _pieces)
        {
            // The chunk may have lost entries at its front since.
            var entries = chunk.EntriesAt(from, count);
            if (_all)
            {
                visitor.Visit(entries);
                continue;
            }

            var stamps = chunk.StampsAt(from, count);
            var found = 0;
            for (var index = 0; index < count; index++)
            {
                if (stamps[index] == _epoch)
                {
                    added[found++] = entries[index];
                }
            }

            visitor.Visit(added.AsSpan(0, found));
        }
    }

    /// <summary>Ends the freeze. May be called on any thread, but not while the version is read.</summary>
    public void End() => _isDone = true;

    /// <summary>Releases the memory of the version. Called on the thread of the subtask.</summary>
    public void Release()
    {
        _pieces.Clear();
        _removed?.Clear();
    }
}
