using System.Numerics;
using System.Runtime.CompilerServices;

namespace Penstock.State;

// Growth, one segment at a time.
public partial class KeyedTable<TKey, TState>
{
    // A segment that is full although its depth has fewer keys per segment than this on average is not full by chance: the hashes
    // distribute keys too evenly for that.
    private const int MinShare = Slots.SegmentSize / 8;

    // An empty segment of full size. A growing table takes it and leaves the segment that it has split in its place, which halves the cost
    // for the garbage collector.
    [ThreadStatic]
    private static Segment? _spare;

    // The number of expected keys, if it is known.
    private int _expected;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref TState Add(TKey key, ulong hash)
    {
        while (true)
        {
            var index = (int)(hash >> DirectoryShift) & _mask;
            if (_infos[index].IsOrdered)
            {
                index = PlaceOf(_order.Find(key));
                var found = Search(index, key, hash);
                if (found >= 0)
                {
                    if (_slots[index][Slots.StampOf(found)] != _epoch)
                    {
                        Touch(index, (uint)found);
                    }

                    return ref _entries[index][found].State;
                }
            }

            if (_infos[index].Count < Most(Slots.CountOf(_slots[index])))
            {
                return ref Insert(index, key, hash);
            }

            MakeRoom(index);
        }
    }

    private ref TState Insert(int index, TKey key, ulong hash)
    {
        _infos[index].Count++;
        _inLeaves += IsLeaf(index) ? 1 : 0;
        Count++;
        _added++;
        var slots = _slots[index];
        var slot = FindFree(slots, hash);

        // A frozen version skips entries with the current stamp, so the stamp is written first.
        Volatile.Write(ref slots[Slots.StampOf(slot)], _epoch);
        ref var entry = ref _entries[index][slot];
        entry.Key = key;
        Volatile.Write(ref slots[Slots.TagOf(slot)], Tag(hash));
        return ref entry.State;
    }

    private void MakeRoom(int index)
    {
        var info = _infos[index];
        var size = Slots.CountOf(_slots[index]);
        if (info.Removed >= size / 8)
        {
            // The segment is full of removed entries: it needs no more room, but a cleanup.
            Tidy(index, size);
        }
        else if (IsLeaf(index))
        {
            SplitLeaf(index);
        }
        else if (size < Slots.SegmentSize)
        {
            Replace(index, 2 * size);
        }
        else if (Math.Max(Count, _expected) >> info.Depth >= MinShare)
        {
            Split(index);
        }
        else
        {
            Order(index);
        }
    }

    // A group with a free slot ends a search.
    private static int Most(int size) => size - size / 8;

    private static byte Tag(ulong hash) => (byte)((uint)hash | Used);

    private static int FindFree(byte[] slots, ulong hash)
    {
        var mask = Slots.CountOf(slots) - 1;
        var slot = (int)((uint)(hash >> TagBits) * Slots.GroupSize) & mask;
        while (slots[Slots.TagOf(slot)] != 0)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    /// <summary>Prepares for keys that will come in the hash order of another table.</summary>
    /// <param name="keys">The maximum number of keys to come.</param>
    /// <param name="own">The number of them that probably go into this table.</param>
    internal void Expect(int keys, int own)
    {
        _expected = Math.Max(Count, _expected) + keys;
        Reserve(own);
    }

    // Reserves room for a number of keys in an empty table, which then need not grow step by step.
    private void Reserve(int keys)
    {
        if (Count > 0 || keys <= Slots.SegmentSize)
        {
            return;
        }

        // Three quarters full on average: some segments will split, most will not.
        var depth = BitOperations.Log2((uint)((keys - 1) / (Slots.SegmentSize * 3 / 4))) + 1;
        _room = null;
        Account(_reservedBytes - _bytes);
        Account(((long)SegmentBytes(Slots.SegmentSize) + DirectoryBytes) << depth);
        _slots = new byte[1 << depth][];
        _entries = new KeyedEntry<TKey, TState>[1 << depth][];
        _infos = new SegmentInfo[1 << depth];
        _mask = (1 << depth) - 1;
        _order = default;
        _leaves = 0;
        _inLeaves = 0;
        for (var index = 0; index < _slots.Length; index++)
        {
            Install(new Segment(Slots.SegmentSize), new SegmentInfo(), depth, index);
        }
    }

    private void Tidy(int index, int size)
    {
        if (IsFrozen)
        {
            Replace(index, size);
            return;
        }

        // Reuses memory, so that keys that come and go cost no allocation.
        if (_room == null || Slots.CountOf(_room.Slots) != size)
        {
            Account(SegmentBytes(size) - (_room == null ? 0 : SegmentBytes(Slots.CountOf(_room.Slots))));
            _room = new Segment(size);
        }

        Move(index, _room, _room, bit: 0);
        _room.Slots.CopyTo(_slots[index], 0);
        _room.Entries.CopyTo(_entries[index], 0);
        _infos[index].Count = _room.Count;
        _infos[index].Removed = 0;
        _room.Clear();
    }

    private void Replace(int index, int newSize)
    {
        var info = _infos[index];
        var size = Slots.CountOf(_slots[index]);
        Account(SegmentBytes(newSize));
        var target = new Segment(newSize);
        Move(index, target, target, bit: 0);
        if (IsLeaf(index))
        {
            Put(target, InfoOf(target, info, depth: 0), index);
        }
        else
        {
            Install(target, info, info.Depth, index & ((1 << info.Depth) - 1));
        }

        Replaced(info, size);
    }

    private void Split(int index)
    {
        var info = _infos[index];
        var depth = info.Depth;
        if (1 << depth == _mask + 1)
        {
            DoubleDirectory();
        }

        Account(2L * SegmentBytes(Slots.SegmentSize));
        var bit = 1 << depth;
        var old = new Segment(_slots[index], _entries[index]);
        var stay = _spare ?? new Segment(Slots.SegmentSize);
        var move = new Segment(Slots.SegmentSize);
        _spare = null;
        Move(index, stay, move, (uint)bit);
        var low = index & (bit - 1);
        Install(Fitting(stay), info, depth + 1, low);
        Install(Fitting(move), info, depth + 1, low + bit);
        Replaced(info, Slots.SegmentSize);
        if (!IsFrozen)
        {
            old.Clear();
            _spare = old;
        }
    }

    // If the keys were chosen maliciously, nearly all of them may go to the same half, so a segment with few keys is shrunk.
    private Segment Fitting(Segment segment)
    {
        if (segment.Count > Slots.SegmentSize / 8)
        {
            return segment;
        }

        var size = Math.Max(Slots.GroupSize, (int)BitOperations.RoundUpToPowerOf2((uint)segment.Count * 2));
        var fitting = new Segment(size);
        foreach (var slot in segment.InUse)
        {
            ref var entry = ref segment.Entries[slot];
            fitting.Put(in entry, TKey.Hash(entry.Key, Secret), segment.Slots[Slots.StampOf(slot)]);
        }

        Account(SegmentBytes(size) - SegmentBytes(Slots.SegmentSize));
        return fitting;
    }

    private void Move(int index, Segment whereClear, Segment whereSet, uint bit)
    {
        var slots = _slots[index];
        for (var slot = 0; slot < Slots.CountOf(slots); slot++)
        {
            if (IsLive(slots, _entries[index], slot))
            {
                ref var entry = ref _entries[index][slot];
                var hash = TKey.Hash(entry.Key, Secret);
                var target = ((hash >> DirectoryShift) & bit) == 0 ? whereClear : whereSet;
                target.Put(in entry, hash, CurrentStamp(slots[Slots.StampOf(slot)]));
            }
        }
    }

    // An entry that is moved away from the reader of a full freeze does not lose its old stamp there. It is cleared here, before its value
    // is reused.
    private byte CurrentStamp(byte stamp) => stamp == _epoch || stamp == TableFreeze.EpochAfter(_number - 1) ? stamp : (byte)0;

    // The old segment is not changed, because a frozen version may still have to read it.
    private void Install(Segment segment, SegmentInfo old, int depth, int first, bool isOrdered = false)
    {
        var info = InfoOf(segment, old, depth, isOrdered);
        for (var place = first; place <= _mask; place += 1 << depth)
        {
            Put(segment, info, place);
        }
    }

    private void Put(Segment segment, SegmentInfo info, int place)
    {
        _slots[place] = segment.Slots;
        _entries[place] = segment.Entries;
        _infos[place] = info;
    }

    private SegmentInfo InfoOf(Segment segment, SegmentInfo old, int depth, bool isOrdered = false) => new()
    {
        Count = segment.Count,
        Depth = depth,
        IsOrdered = isOrdered,

        // The segment contains the old entries, and possibly the old memory that entries refer to.
        CreatedInFreeze = _detach == null ? _number : old.CreatedInFreeze,
        ReadIn = _detach == null ? 0 : Volatile.Read(ref old.ReadIn),
    };

    private void DoubleDirectory()
    {
        var places = _mask + 1;
        AccountDirectory(_slots.Length, _slots.Length + places);
        _slots = [.. _slots.AsSpan(0, places), .. _slots];
        _entries = [.. _entries.AsSpan(0, places), .. _entries];
        _infos = [.. _infos.AsSpan(0, places), .. _infos];
        _mask += places;
    }

    private sealed class Segment(byte[] slots, KeyedEntry<TKey, TState>[] entries)
    {
        public Segment(int size)
            : this(new byte[State.Slots.BytesOf(size)], new KeyedEntry<TKey, TState>[size])
        {
        }

        public byte[] Slots { get; } = slots;

        public KeyedEntry<TKey, TState>[] Entries { get; } = entries;

        public int Count { get; private set; }

        public IEnumerable<int> InUse => Enumerable.Range(0, Entries.Length).Where(slot => Slots[State.Slots.TagOf(slot)] != 0);

        public void Clear()
        {
            Array.Clear(Slots);
            Array.Clear(Entries);
            Count = 0;
        }

        public void Put(in KeyedEntry<TKey, TState> entry, ulong hash, byte stamp)
        {
            var slot = FindFree(Slots, hash);
            Slots[State.Slots.TagOf(slot)] = Tag(hash);
            Slots[State.Slots.StampOf(slot)] = stamp;
            Entries[slot] = entry;
            Count++;
        }
    }
}
