using System.Diagnostics.CodeAnalysis;

namespace Penstock.State;

/// <summary>
/// Entries in order: sorted chunks in groups, as the leaves and the lowest inner nodes of a B+ tree. Insertion, removal and search take
/// logarithmic time, taking the first entry constant time. Once warm, nothing allocates.
/// </summary>
/// <remarks>Not safe for several threads, except for the frozen versions that it makes.</remarks>
/// <typeparam name="TEntry">The entries.</typeparam>
internal sealed partial class OrderedEntries<TEntry>
    where TEntry : struct, IOrdered<TEntry>
{
    // Chunks with fewer entries are merged with a neighbour, if both fit well into one.
    private static readonly int FewEntries = OrderedChunk<TEntry>.Capacity / 4;

    private readonly List<OrderedGroup<TEntry>> _groups = [];
    private TEntry[] _places = new TEntry[4];

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an entry behind those with an equal place.</summary>
    public void Add(in TEntry entry)
    {
        var (group, chunk) = Find(in entry);
        if (group < 0)
        {
            AddFirst(in entry);
            return;
        }

        Insert(group, chunk, _groups[group][chunk].CountBefore(in entry, orEqual: true), in entry);
    }

    /// <summary>Adds an entry unless there is one with an equal place.</summary>
    /// <returns><c>false</c> if there is one.</returns>
    public bool TryAdd(in TEntry entry)
    {
        var (group, chunk) = Find(in entry);
        if (group < 0)
        {
            AddFirst(in entry);
            return true;
        }

        var found = _groups[group][chunk];
        var index = found.CountBefore(in entry, orEqual: false);
        if (index < found.Count && TEntry.Compare(in found[index], in entry) == 0)
        {
            return false;
        }

        Insert(group, chunk, index, in entry);
        return true;
    }

    /// <summary>Determines whether there is an entry with a place.</summary>
    public bool Contains(in TEntry entry)
    {
        var (group, chunk) = Find(in entry);
        if (group < 0)
        {
            return false;
        }

        var found = _groups[group][chunk];
        var index = found.CountBefore(in entry, orEqual: false);
        return index < found.Count && TEntry.Compare(in found[index], in entry) == 0;
    }

    /// <summary>Removes the entry with a place. At most one entry may have it.</summary>
    /// <returns><c>false</c> if there is none.</returns>
    public bool Remove(in TEntry entry)
    {
        var (group, chunk) = Find(in entry);
        if (group < 0)
        {
            return false;
        }

        var found = _groups[group][chunk];
        var index = found.CountBefore(in entry, orEqual: false);
        if (index == found.Count || TEntry.Compare(in found[index], in entry) != 0)
        {
            return false;
        }

        LogRemoved(found, index);
        Own(ref _groups[group][chunk]).RemoveAt(index);
        Count--;
        Shrink(group, chunk);
        return true;
    }

    /// <summary>Returns the first entry.</summary>
    /// <returns><c>false</c> if there is none.</returns>
    public bool TryPeek([MaybeNullWhen(false)] out TEntry first)
    {
        if (Count == 0)
        {
            first = default;
            return false;
        }

        first = _groups[0][0][0];
        return true;
    }

    /// <summary>The last entry. There must be one.</summary>
    public TEntry Last
    {
        get
        {
            var group = _groups[^1];
            return group[group.Count - 1].Last;
        }
    }

    /// <summary>Takes the first entry. A restore detects that it is gone, because it comes before all others.</summary>
    public TEntry Take()
    {
        var first = _groups[0][0].TakeFirst();
        Count--;
        if (_groups[0][0].Count == 0)
        {
            RemoveChunk(0, 0);
        }

        return first;
    }

    /// <summary>Removes all entries.</summary>
    public void Clear()
    {
        while (_groups.Count > 0)
        {
            Count -= _groups[0][0].Count;
            RemoveChunk(0, 0);
        }

        _removed?.Clear();
    }

    // Returns negative numbers if there are no chunks.
    private (int Group, int Chunk) Find(in TEntry entry)
    {
        var groups = _groups.Count;
        if (groups == 0)
        {
            return (-1, -1);
        }

        // Entries often come nearly in order.
        var last = _groups[groups - 1];
        if (TEntry.Compare(in last.LastPlace, in entry) <= 0)
        {
            return (groups - 1, last.Count - 1);
        }

        var group = OrderedGroup<TEntry>.Find(_places.AsSpan(0, groups), in entry);
        return (group, _groups[group].Find(in entry));
    }

    private void AddFirst(in TEntry entry)
    {
        var chunk = NewChunk();
        chunk.Insert(0, in entry, _epoch);
        var group = NewGroup();
        group.Insert(0, chunk, in entry);
        InsertGroup(0, group);
        Count++;
    }

    private void Insert(int group, int chunk, int index, in TEntry entry)
    {
        Count++;
        if (!_groups[group][chunk].IsFull)
        {
            Own(ref _groups[group][chunk]).Insert(index, in entry, _epoch);
            return;
        }

        if (_groups[group].IsFull)
        {
            var half = NewGroup();
            _groups[group].SplitTo(half);
            InsertGroup(group + 1, half);
            if (chunk >= _groups[group].Count)
            {
                chunk -= _groups[group++].Count;
            }
        }

        var target = _groups[group];
        var added = NewChunk();
        if (index == target[chunk].Count && chunk == target.Count - 1 && group == _groups.Count - 1)
        {
            // Entries that come in order leave full chunks behind.
            added.Insert(0, in entry, _epoch);
            target.Insert(chunk + 1, added, in entry);
            return;
        }

        var middle = target[chunk].Count / 2;
        added.Append(target[chunk], middle);
        var lower = Own(ref target[chunk]);
        lower.Truncate(middle);
        if (index <= middle)
        {
            lower.Insert(index, in entry, _epoch);
        }
        else
        {
            added.Insert(index - middle, in entry, _epoch);
        }

        target.Insert(chunk + 1, added, in added[0]);
    }

    // After a removal.
    private void Shrink(int group, int chunk)
    {
        var chunks = _groups[group];
        if (chunks[chunk].Count == 0)
        {
            RemoveChunk(group, chunk);
        }
        else if (chunks[chunk].Count < FewEntries)
        {
            var lower = chunk > 0 ? chunk - 1 : chunk;
            if (lower + 1 < chunks.Count && chunks[lower].Count + chunks[lower + 1].Count <= OrderedChunk<TEntry>.Capacity / 2)
            {
                Own(ref chunks[lower]).Append(chunks[lower + 1], 0);
                RemoveChunk(group, lower + 1);
            }
        }
    }

    private void RemoveChunk(int group, int chunk)
    {
        var chunks = _groups[group];
        Return(chunks[chunk]);
        chunks.RemoveAt(chunk);
        if (chunks.Count == 0)
        {
            _groups.RemoveAt(group);
            Array.Copy(_places, group + 1, _places, group, _groups.Count - group);
            _spareGroup = chunks;
        }
    }

    private void InsertGroup(int index, OrderedGroup<TEntry> group)
    {
        if (_groups.Count == _places.Length)
        {
            Array.Resize(ref _places, _places.Length * 2);
        }

        Array.Copy(_places, index, _places, index + 1, _groups.Count - index);
        _places[index] = group.FirstPlace;
        _groups.Insert(index, group);
    }
}
