namespace Penstock.State;

// Keys whose hashes are equal in so many bits that splitting does not separate them, because somebody has chosen them so. They are stored
// in order in leaves, which are small segments after the directory. The cost of a search is logarithmic in their number and memory is
// proportional to it, whatever the hashes are.
public partial class KeyedTable<TKey, TState>
{
    private const int LeafSize = 2 * Slots.GroupSize;

    // The maximum number of keys in a new leaf; fewer than in a leaf that is split.
    private const int LeafShare = LeafSize * 3 / 4;

    // Keys that come and go leave nearly empty leaves behind; merging fewer leaves than this is not worthwhile.
    private const int ManyLeaves = 16;

    // The order of leaves by key, the number of their keys, and the number of leaves.
    private KeyOrder<TKey> _order;
    private int _inLeaves;
    private int _leaves;

    // The number of places in use, in the directory and after it.
    private int Places => PlaceOf(_leaves);

    private int PlaceOf(int leaf) => _mask + 1 + leaf;

    private bool IsLeaf(int place) => place > _mask;

    // Moves the keys of a segment that cannot be split to leaves.
    private void Order(int index)
    {
        var info = _infos[index];
        var entries = InOrder([index]).AsSpan();
        Account(SegmentBytes(Slots.GroupSize));
        Install(new Segment(Slots.GroupSize), info, info.Depth, index & ((1 << info.Depth) - 1), isOrdered: true);
        Replaced(info, Slots.SegmentSize);
        _inLeaves += entries.Length;
        if (_leaves == 0)
        {
            AddLeaves(entries, info);
            return;
        }

        while (!entries.IsEmpty)
        {
            var leaf = _order.Find(entries[0].Entry.Key);
            var count = 1;
            while (count < entries.Length && _order.Find(entries[count].Entry.Key) == leaf)
            {
                count++;
            }

            Spread(leaf, entries[..count], info);
            entries = entries[count..];
        }
    }

    private void SplitLeaf(int place)
    {
        if (_leaves >= ManyLeaves && _inLeaves < _leaves * (LeafSize / 8))
        {
            Gather();
        }
        else
        {
            Spread(place - PlaceOf(0), [], _infos[place]);
        }
    }

    // Distributes the entries of a leaf, and additional ones that belong there, over as many leaves as needed.
    private void Spread(int leaf, ReadOnlySpan<StampedEntry> more, SegmentInfo old)
    {
        var place = PlaceOf(leaf);
        var info = _infos[place];
        var read = LeastRead([info, old]);
        var entries = InOrder([place], more).AsSpan();
        var stay = ShareOf(entries.Length);
        _order.Include(entries[0].Entry.Key);
        Account(SegmentBytes(LeafSize));
        Fill(place, entries[..stay], read);
        AddLeaves(entries[stay..], read);
        Replaced(info, LeafSize);
    }

    // Merges the entries of nearly empty leaves into fewer.
    private void Gather()
    {
        var infos = _infos.AsSpan(PlaceOf(0), _leaves);
        var entries = InOrder(Enumerable.Range(PlaceOf(0), _leaves));
        var read = LeastRead(infos);
        foreach (var info in infos)
        {
            Replaced(info, LeafSize);
        }

        ForgetLeaves();
        AddLeaves(entries, read);
    }

    private void AddLeaves(ReadOnlySpan<StampedEntry> entries, SegmentInfo old)
    {
        while (!entries.IsEmpty)
        {
            var count = ShareOf(entries.Length);
            if (Places == _slots.Length)
            {
                Lengthen(_slots.Length + Math.Max(ManyLeaves, _slots.Length / 2));
            }

            Account(SegmentBytes(LeafSize) + KeyOrder<TKey>.NodeBytes);
            Fill(Places, entries[..count], old);
            _order.Add(entries[0].Entry.Key, _leaves++);
            entries = entries[count..];
        }
    }

    // Returns the number of entries for the next leaf, so that all leaves get equally many.
    private static int ShareOf(int entries)
    {
        var leaves = (entries + LeafShare - 1) / LeafShare;
        return (entries + leaves - 1) / leaves;
    }

    private void Fill(int place, ReadOnlySpan<StampedEntry> entries, SegmentInfo old)
    {
        var segment = new Segment(LeafSize);
        foreach (ref readonly var stamped in entries)
        {
            segment.Put(in stamped.Entry, TKey.Hash(stamped.Entry.Key, Secret), stamped.Stamp);
        }

        Put(segment, InfoOf(segment, old, depth: 0), place);
    }

    // A segment merged from several ones counts as read by a freeze only if all of them were.
    private static SegmentInfo LeastRead(ReadOnlySpan<SegmentInfo> infos)
    {
        var createdInFreeze = int.MaxValue;
        var readIn = int.MaxValue;
        foreach (var info in infos)
        {
            createdInFreeze = Math.Min(createdInFreeze, info.CreatedInFreeze);
            readIn = Math.Min(readIn, Volatile.Read(ref info.ReadIn));
        }

        return new SegmentInfo { CreatedInFreeze = createdInFreeze, ReadIn = readIn };
    }

    private StampedEntry[] InOrder(IEnumerable<int> places, ReadOnlySpan<StampedEntry> more = default)
    {
        List<StampedEntry> found = [.. more];
        foreach (var place in places)
        {
            var slots = _slots[place];
            for (var slot = 0; slot < Slots.CountOf(slots); slot++)
            {
                if (IsLive(slots, _entries[place], slot))
                {
                    found.Add(new StampedEntry(in _entries[place][slot], CurrentStamp(slots[Slots.StampOf(slot)])));
                }
            }
        }

        var entries = found.ToArray();
        Array.Sort(entries, static (left, right) => TKey.Compare(left.Entry.Key, right.Entry.Key));
        return entries;
    }

    private void Lengthen(int length)
    {
        AccountDirectory(_slots.Length, length);
        Array.Resize(ref _slots, length);
        Array.Resize(ref _entries, length);
        Array.Resize(ref _infos, length);
    }

    private void ForgetLeaves()
    {
        Account(-_leaves * (long)KeyOrder<TKey>.NodeBytes);
        _order = default;
        _leaves = 0;
        Lengthen(Places);
    }

    // Called while the table is cleared.
    private void ClearLeaves()
    {
        if (_leaves == 0)
        {
            return;
        }

        Account(-_leaves * (long)SegmentBytes(LeafSize));
        ForgetLeaves();
        _inLeaves = 0;
    }

    private readonly struct StampedEntry(in KeyedEntry<TKey, TState> entry, byte stamp)
    {
        public readonly KeyedEntry<TKey, TState> Entry = entry;
        public readonly byte Stamp = stamp;
    }
}
