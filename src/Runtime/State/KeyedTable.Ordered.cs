namespace Penstock.State;

// Keys whose hashes are equal in so many bits that splitting does not part them, because somebody has chosen them so: they lie in small segments
// behind the directory, in order. So a search takes the logarithm of their number, and memory is in proportion to it, whatever the hashes are.
public partial class KeyedTable<TKey, TState>
{
    private const int LeafSize = 2 * Slots.GroupSize;

    // Keys that come and go leave segments behind that are nearly empty; fewer than this are not worth the work.
    private const int ManyLeaves = 16;

    // Of a place that is free: without slots, and read by nobody.
    private static readonly SegmentInfo Unused = new() { ReadIn = int.MaxValue };

    // Places behind the directory, counted from its end, that are free again.
    private readonly Stack<int> _unused = [];

    private int PlaceOf(int leaf) => _mask + 1 + leaf;

    // The keys of a segment that nothing splits are put in order.
    private void Order(int index)
    {
        var info = _infos[index];
        var order = new KeyOrder<TKey>();
        AddLeaves(order, InOrder([index]), info);
        Account(SegmentBytes(Slots.GroupSize));
        Install(new Segment(Slots.GroupSize), new OrderedInfo(order) { Depth = info.Depth }, info, index & ((1 << info.Depth) - 1));
        Replaced(info, Slots.SegmentSize);
    }

    private void SplitLeaf(LeafInfo leaf)
    {
        var order = leaf.Order;
        if (order.Segments.Count >= ManyLeaves && order.Keys < order.Segments.Count * (LeafSize / 8))
        {
            Gather(order);
            return;
        }

        var place = PlaceOf(leaf.Number);
        var entries = InOrder([place]);
        var half = entries.Length / 2;
        order.Include(entries[0].Entry.Key);
        Account(SegmentBytes(LeafSize));
        Put(Filled(entries.AsSpan(0, half)), new LeafInfo(order, leaf.Number), leaf, place);
        AddLeaf(order, entries.AsSpan(half), leaf);
        Replaced(leaf, LeafSize);
    }

    // Most of the segments are nearly empty: their entries go into fewer.
    private void Gather(KeyOrder<TKey> order)
    {
        var entries = InOrder(order.Segments.Select(PlaceOf));
        var old = order.Segments.Select(leaf => _infos[PlaceOf(leaf)]).ToList();

        // A freeze has read of the new ones what it has read of every old one.
        var read = new SegmentInfo { Born = old.Min(static info => info.Born), ReadIn = old.Min(static info => Volatile.Read(ref info.ReadIn)) };
        foreach (var leaf in order.Segments)
        {
            Replaced(_infos[PlaceOf(leaf)], LeafSize);
            Account(-KeyOrder<TKey>.NodeBytes);
            Vacate(leaf);
        }

        order.Clear();
        AddLeaves(order, entries, read);
    }

    private void AddLeaves(KeyOrder<TKey> order, ReadOnlySpan<StampedEntry> entries, SegmentInfo old)
    {
        order.Keys = entries.Length;
        for (; !entries.IsEmpty; entries = entries[Math.Min(LeafSize / 2, entries.Length)..])
        {
            AddLeaf(order, entries[..Math.Min(LeafSize / 2, entries.Length)], old);
        }
    }

    private void AddLeaf(KeyOrder<TKey> order, ReadOnlySpan<StampedEntry> entries, SegmentInfo old)
    {
        Account(SegmentBytes(LeafSize) + KeyOrder<TKey>.NodeBytes);
        if (!_unused.TryPop(out var number))
        {
            number = _used - PlaceOf(0);
            if (_used == _slots.Length)
            {
                Lengthen();
            }

            _used++;
        }

        Put(Filled(entries), new LeafInfo(order, number), old, PlaceOf(number));
        order.Add(entries[0].Entry.Key, number);
    }

    private Segment Filled(ReadOnlySpan<StampedEntry> entries)
    {
        var segment = new Segment(LeafSize);
        foreach (ref readonly var stamped in entries)
        {
            segment.Put(in stamped.Entry, TKey.Hash(stamped.Entry.Key, Secret), stamped.Stamp);
        }

        return segment;
    }

    private StampedEntry[] InOrder(IEnumerable<int> places)
    {
        var entries = new List<StampedEntry>();
        foreach (var place in places)
        {
            var slots = _slots[place];
            for (var slot = 0; slot < Slots.CountOf(slots); slot++)
            {
                if (IsLive(slots, _entries[place], slot))
                {
                    entries.Add(new StampedEntry(in _entries[place][slot], CurrentStamp(slots[Slots.StampOf(slot)])));
                }
            }
        }

        entries.Sort(static (left, right) => TKey.Compare(left.Entry.Key, right.Entry.Key));
        return [.. entries];
    }

    private void Lengthen()
    {
        var length = _slots.Length + Math.Max(ManyLeaves, _slots.Length / 2);
        AccountDirectory(_slots.Length, length);
        Array.Resize(ref _slots, length);
        Array.Resize(ref _entries, length);
        Array.Resize(ref _infos, length);
    }

    private void Vacate(int leaf)
    {
        var place = PlaceOf(leaf);
        _slots[place] = [];
        _entries[place] = [];
        _infos[place] = Unused;
        _unused.Push(leaf);
    }

    // The table is being cleared.
    private void ClearOrdered()
    {
        if (_slots.Length == PlaceOf(0))
        {
            return;
        }

        var leaves = _used - PlaceOf(0) - _unused.Count;
        Account(-leaves * (long)(SegmentBytes(LeafSize) + KeyOrder<TKey>.NodeBytes));
        AccountDirectory(_slots.Length, PlaceOf(0));
        _used = PlaceOf(0);
        Array.Resize(ref _slots, _used);
        Array.Resize(ref _entries, _used);
        Array.Resize(ref _infos, _used);
        _unused.Clear();
        for (var index = 0; index < _used; index++)
        {
            if (IsFirstSlotOf(index) && _infos[index] is OrderedInfo info)
            {
                Install(new Segment(Slots.GroupSize), info, info.Depth, index);
            }
        }
    }

    private readonly struct StampedEntry(in KeyedEntry<TKey, TState> entry, byte stamp)
    {
        public readonly KeyedEntry<TKey, TState> Entry = entry;
        public readonly byte Stamp = stamp;
    }

    /// <summary>Of the segment that stands in the directory, always empty, for those with the keys in order.</summary>
    private sealed class OrderedInfo(KeyOrder<TKey> order) : SegmentInfo
    {
        public KeyOrder<TKey> Order => order;
    }

    /// <summary>Of a segment behind the directory.</summary>
    private sealed class LeafInfo(KeyOrder<TKey> order, int number) : SegmentInfo
    {
        public KeyOrder<TKey> Order => order;

        /// <summary>Its place, counted from the end of the directory.</summary>
        public int Number => number;
    }
}
