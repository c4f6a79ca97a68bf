using System.Numerics;
using System.Runtime.CompilerServices;

namespace Penstock.State;

// Growth, one segment at a time.
public partial class KeyedTable<TKey, TState>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref TState Add(TKey key, ulong hash)
    {
        while (true)
        {
            var index = (int)(hash >> DirectoryShift) & (_slots.Length - 1);
            var slots = _slots[index];
            var info = _infos[index];
            var size = Slots.CountOf(slots);
            if (info.Count < size - size / 8)
            {
                info.Count++;
                Count++;
                _added++;
                var slot = FindFree(slots, hash);

                // A frozen version shows no entry with a stamp of now; so the stamp comes first.
                Volatile.Write(ref slots[Slots.StampOf(slot)], _epoch);
                ref var entry = ref _entries[index][slot];
                entry.Key = key;
                Volatile.Write(ref slots[Slots.TagOf(slot)], Tag(hash));
                return ref entry.State;
            }

            if (info.Removed >= size / 8)
            {
                // Removed entries fill it: it needs no more room, but what they left must go.
                Tidy(index, size);
            }
            else if (size < Slots.SegmentSize)
            {
                Replace(index, 2 * size);
            }
            else
            {
                Split(index);
            }
        }
    }

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

    /// <summary>Makes room for so many keys in an empty table, so that it need not grow to that size step by step.</summary>
    internal void Reserve(int keys)
    {
        if (Count > 0 || keys <= Slots.SegmentSize)
        {
            return;
        }

        // Three quarters full on average: some segments will split, most will not.
        var depth = BitOperations.Log2((uint)((keys - 1) / (Slots.SegmentSize * 3 / 4))) + 1;
        _room = null;
        Account(_held - _bytes);
        Account(((long)SegmentBytes(Slots.SegmentSize) + DirectoryBytes) << depth);
        _slots = new byte[1 << depth][];
        _entries = new KeyedEntry<TKey, TState>[1 << depth][];
        _infos = new SegmentInfo[1 << depth];
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

        // In place: what comes and goes is to cost no memory.
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
        Install(target, info, info.Depth, index & ((1 << info.Depth) - 1));
        Replaced(info, size);
    }

    private void Split(int index)
    {
        var info = _infos[index];
        var depth = info.Depth;
        if (1 << depth == _slots.Length)
        {
            DoubleDirectory();
        }

        Account(2L * SegmentBytes(Slots.SegmentSize));
        var bit = 1 << depth;
        var stay = new Segment(Slots.SegmentSize);
        var move = new Segment(Slots.SegmentSize);
        Move(index, stay, move, (uint)bit);
        var low = index & (bit - 1);
        Install(stay, info, depth + 1, low);
        Install(move, info, depth + 1, low + bit);
        Replaced(info, Slots.SegmentSize);
    }

    private void Move(int index, Segment whereClear, Segment whereSet, uint bit)
    {
        var slots = _slots[index];
        for (var slot = 0; slot < Slots.CountOf(slots); slot++)
        {
            if (IsLive(slots, _entries[index], slot))
            {
                ref var entry = ref _entries[index][slot];
                var hash = TKey.Hash(entry.Key);
                var target = ((hash >> DirectoryShift) & bit) == 0 ? whereClear : whereSet;
                target.Put(in entry, hash, slots[Slots.StampOf(slot)]);
            }
        }
    }

    // The old segment stays as it is, for a frozen version that still has to read it.
    private void Install(Segment segment, SegmentInfo old, int depth, int first)
    {
        // It has the old entries, but perhaps also the old memory that entries refer to.
        var info = _detach == null
            ? new SegmentInfo { Depth = depth, Count = segment.Count, Born = _number }
            : new SegmentInfo { Depth = depth, Count = segment.Count, Born = old.Born, ReadIn = Volatile.Read(ref old.ReadIn) };
        for (var slot = first; slot < _slots.Length; slot += 1 << depth)
        {
            _slots[slot] = segment.Slots;
            _entries[slot] = segment.Entries;
            _infos[slot] = info;
        }
    }

    private void DoubleDirectory()
    {
        AccountDirectory(_slots.Length, 2 * _slots.Length);
        _slots = [.. _slots, .. _slots];
        _entries = [.. _entries, .. _entries];
        _infos = [.. _infos, .. _infos];
    }

    private sealed class Segment(int size)
    {
        public byte[] Slots { get; } = new byte[State.Slots.BytesOf(size)];

        public KeyedEntry<TKey, TState>[] Entries { get; } = new KeyedEntry<TKey, TState>[size];

        public int Count { get; private set; }

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
