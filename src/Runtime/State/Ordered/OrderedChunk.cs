using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>A sorted array of neighbouring entries, with the epoch in which each of them was added.</summary>
/// <typeparam name="TEntry">The entries.</typeparam>
internal sealed class OrderedChunk<TEntry>
    where TEntry : struct, IOrdered<TEntry>
{
    // An insertion moves half of it on average, and a search loads few of its cache lines.
    private const int Bytes = 2048;

    /// <summary>The number of entries that fit.</summary>
    public static readonly int Capacity = Math.Clamp(Bytes / Unsafe.SizeOf<TEntry>(), 16, 128);

    /// <summary>The memory of a chunk, in bytes: its arrays and the objects themselves.</summary>
    public static readonly int MemoryBytes = Capacity * (Unsafe.SizeOf<TEntry>() + 1) + 2 * 24 + 56;

    private readonly TEntry[] _entries = new TEntry[Capacity];
    private readonly byte[] _stamps = new byte[Capacity];

    /// <summary>The index of the first entry: entries before it were taken from the front.</summary>
    public int Start { get; private set; }

    public int Count { get; private set; }

    /// <summary>Indicates whether entries were added since the last freeze.</summary>
    public bool HasNew { get; set; }

    /// <summary>The number of the newest freeze that contains the chunk; 0 if there is none.</summary>
    public int FrozenIn { get; set; }

    public bool IsFull => Count == Capacity;

    public ref readonly TEntry this[int index] => ref _entries[Start + index];

    public ref readonly TEntry Last => ref _entries[Start + Count - 1];

    public ReadOnlySpan<TEntry> Entries => _entries.AsSpan(Start, Count);

    public ReadOnlySpan<byte> Stamps => _stamps.AsSpan(Start, Count);

    /// <summary>The entries in some places of the array, also if they were taken since.</summary>
    public ReadOnlySpan<TEntry> EntriesAt(int start, int count) => _entries.AsSpan(start, count);

    /// <summary>The stamps of <see cref="EntriesAt"/>.</summary>
    public ReadOnlySpan<byte> StampsAt(int start, int count) => _stamps.AsSpan(start, count);

    /// <summary>Returns the number of entries that come before an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="orEqual"><c>true</c> to count entries with an equal place, too.</param>
    public int CountBefore(in TEntry entry, bool orEqual)
    {
        var limit = orEqual ? 1 : 0;
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (TEntry.Compare(in this[middle], in entry) < limit)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public void Insert(int index, in TEntry entry, byte stamp)
    {
        if (Start + Count == Capacity)
        {
            MoveToFront();
        }

        var at = Start + index;
        Array.Copy(_entries, at, _entries, at + 1, Count - index);
        Array.Copy(_stamps, at, _stamps, at + 1, Count - index);
        _entries[at] = entry;
        _stamps[at] = stamp;
        Count++;
        HasNew = true;
    }

    public void RemoveAt(int index)
    {
        var at = Start + index;
        Count--;
        Array.Copy(_entries, at + 1, _entries, at, Count - index);
        Array.Copy(_stamps, at + 1, _stamps, at, Count - index);
        _entries[Start + Count] = default;
    }

    /// <summary>Takes the first entry. The arrays do not change, because a frozen version may still read them.</summary>
    public TEntry TakeFirst()
    {
        Count--;
        return _entries[Start++];
    }

    /// <summary>Appends the entries of another chunk from an index on.</summary>
    public void Append(OrderedChunk<TEntry> other, int from)
    {
        var count = other.Count - from;
        if (Start + Count + count > Capacity)
        {
            MoveToFront();
        }

        other.Entries[from..].CopyTo(_entries.AsSpan(Start + Count));
        other.Stamps[from..].CopyTo(_stamps.AsSpan(Start + Count));
        Count += count;
        HasNew |= other.HasNew;
    }

    /// <summary>Removes the entries from an index on.</summary>
    public void Truncate(int index)
    {
        _entries.AsSpan(Start + index, Count - index).Clear();
        Count = index;
    }

    /// <summary>Forgets in which epochs the entries were added, except for one, before the values of stamps are used again.</summary>
    public void ClearStampsExcept(byte epoch)
    {
        foreach (ref var stamp in _stamps.AsSpan(Start, Count))
        {
            stamp = stamp == epoch ? stamp : (byte)0;
        }
    }

    /// <summary>Empties the chunk for other entries.</summary>
    public void Reset()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>())
        {
            Array.Clear(_entries);
        }

        (Start, Count, HasNew, FrozenIn) = (0, 0, false, 0);
    }

    private void MoveToFront()
    {
        Array.Copy(_entries, Start, _entries, 0, Count);
        Array.Copy(_stamps, Start, _stamps, 0, Count);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TEntry>())
        {
            _entries.AsSpan(Count, Start).Clear();
        }

        Start = 0;
    }
}
