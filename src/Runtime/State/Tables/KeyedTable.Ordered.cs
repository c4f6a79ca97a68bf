namespace Penstock.State;

// Keys whose hashes are equal in so many bits that splitting does not part them, because somebody has chosen them so: they lie in leaves,
// small segments behind the directory, in order. So a search takes the logarithm of their number, and memory is in proportion to it,
// whatever the hashes are.
public partial class KeyedTable<TKey, TState>
{
    private const int LeafSize = 2 * Slots.GroupSize;

    // How many keys a new leaf has at most; fewer than there are in one that is split.
    private const int LeafShare = LeafSize * 3 / 4;

    // Keys that come and go leave nearly empty leaves behind; fewer than this are not worth the work.
    private const int ManyLeaves = 16;

    // Which leaf has which keys, how many keys they have, and how many leaves there are.
    private KeyOrder<TKey> _order;
    private int _inLeaves;
    private int _leaves;

    // How many places are in use, in the directory and behind it.
    private int Places => PlaceOf(_leaves);

    private int PlaceOf(int leaf) => _mask + 1 + leaf;

    private bool IsLeaf(int place) => place > _mask;

    // The keys of a segment that nothing splits go to the leaves.
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

    // The entries of a leaf, and more that belong there, go into as many leaves as they need.
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

    // Most leaves are nearly empty: their entries go into fewer.
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

    // How many of so many entries go into the next leaf, so that all leaves get as many.
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

    // What is put together from several segments counts as read by a freeze only where all of them were.
    private static SegmentInfo LeastRead(ReadOnlySpan<SegmentInfo> infos)
    {
        var born = int.MaxValue;
        var readIn = int.MaxValue;
        foreach (var info in infos)
        {
            born = Math.Min(born, info.Born);
            readIn = Math.Min(readIn, Volatile.Read(ref info.ReadIn));
        }

        return new SegmentInfo { Born = born, ReadIn = readIn };
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

    // The table is being cleared.
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
