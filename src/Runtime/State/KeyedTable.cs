using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.State;

/// <summary>
/// State by key: open addressing inside segments, and extendible hashing over the segments (Fagin, Nievergelt, Pippenger,
/// Strong: "Extendible hashing", 1979). The table grows by splitting one segment, so that no insertion ever moves more than one
/// segment's entries. Inside a segment, sixteen one-byte tags are compared at once, as in Abseil's Swiss tables (Kulukundis, 2017).
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public class KeyedTable<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private const int GroupSize = 16;
    private const int SegmentSize = 1024;

    // Which bits of a hash do what: 7 for the tag, then those of the group in its segment, then those of the directory. Key groups
    // take the high half, which the subtask's keys share in part.
    private const int TagBits = 7;
    private const int DirectoryShift = 14;
    private const byte Used = 0x80;

    // Both directories are a power of two long; several slots may hold the same segment, whose depth says how many bits tell
    // it apart. Tags and entries have directories of their own, so that neither load waits for the other.
    private byte[][] _tags = [new byte[GroupSize]];
    private KeyedEntry<TKey, TState>[][] _entries = [new KeyedEntry<TKey, TState>[GroupSize]];
    private SegmentInfo[] _infos = [new SegmentInfo()];

    /// <summary>How many keys the table holds.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the state of a key, or adds it with the default state.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/>.</param>
    /// <returns>A reference that is valid until the next key is added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TState GetOrAdd(TKey key, ulong hash)
    {
        // Lengths are powers of two, so a masked index is always inside; the checks that the JIT cannot drop would cost as
        // much as the comparison.
        var segment = (nint)((hash >> DirectoryShift) & (uint)(_tags.Length - 1));
        var tags = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tags), segment);
        var entries = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), segment);
        var tag = Vector128.Create((byte)((uint)hash | Used));
        var mask = (uint)tags.Length - 1;
        var group = ((uint)(hash >> TagBits) * GroupSize) & mask;
        while (true)
        {
            var present = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(tags), group);
            for (var matches = Vector128.Equals(present, tag).ExtractMostSignificantBits(); matches != 0; matches &= matches - 1)
            {
                ref var entry = ref Unsafe.Add(
                    ref MemoryMarshal.GetArrayDataReference(entries), (nint)(group + (uint)BitOperations.TrailingZeroCount(matches)));
                if (TKey.Equals(entry.Key, key))
                {
                    return ref entry.State;
                }
            }

            // A group with a free slot ends every search that began at or before it. Used tags have the highest bit.
            if (present.ExtractMostSignificantBits() != 0xFFFF)
            {
                return ref Add(key, hash);
            }

            group = (group + GroupSize) & mask;
        }
    }

    /// <summary>Enumerates the entries, in no particular order; the table must not change meanwhile.</summary>
    /// <returns>An enumerator over references.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Removes every key and keeps the memory.</summary>
    public void Clear()
    {
        for (var index = 0; index < _tags.Length; index++)
        {
            if (IsFirstSlotOf(index))
            {
                Array.Clear(_tags[index]);
                Array.Clear(_entries[index]);
                _infos[index].Count = 0;
            }
        }

        Count = 0;
    }

    // A segment of depth d stands in every slot that shares its low d bits; the lowest such slot speaks for it.
    private bool IsFirstSlotOf(int index) => index < 1 << _infos[index].Depth;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref TState Add(TKey key, ulong hash)
    {
        while (true)
        {
            var index = (int)(hash >> DirectoryShift) & (_tags.Length - 1);
            var tags = _tags[index];
            var info = _infos[index];
            if (info.Count < tags.Length - tags.Length / 8)
            {
                info.Count++;
                Count++;
                ref var entry = ref _entries[index][Occupy(tags, hash)];
                entry.Key = key;
                return ref entry.State;
            }

            if (tags.Length < SegmentSize)
            {
                Grow(index);
            }
            else
            {
                Split(index);
            }
        }
    }

    private static int Occupy(byte[] tags, ulong hash)
    {
        var slot = (int)(((uint)(hash >> TagBits) * GroupSize) & (uint)(tags.Length - 1));
        while (tags[slot] != 0)
        {
            slot = (slot + 1) & (tags.Length - 1);
        }

        tags[slot] = (byte)((uint)hash | Used);
        return slot;
    }

    private void Grow(int index)
    {
        var target = new Segment(_tags[index].Length * 2);
        for (var slot = 0; slot < _tags[index].Length; slot++)
        {
            if (_tags[index][slot] != 0)
            {
                target.Put(in _entries[index][slot]);
            }
        }

        Install(target, _infos[index], index & ((1 << _infos[index].Depth) - 1));
    }

    private void Split(int index)
    {
        var info = _infos[index];
        if (1 << info.Depth == _tags.Length)
        {
            DoubleDirectory();
        }

        var bit = 1 << info.Depth;
        var stay = new Segment(SegmentSize);
        var move = new Segment(SegmentSize);
        for (var slot = 0; slot < _tags[index].Length; slot++)
        {
            if (_tags[index][slot] != 0)
            {
                ref var entry = ref _entries[index][slot];
                var target = ((TKey.Hash(entry.Key) >> DirectoryShift) & (uint)bit) == 0 ? stay : move;
                target.Put(in entry);
            }
        }

        info.Depth++;
        info.Count = stay.Count;
        var low = index & (bit - 1);
        Install(stay, info, low);
        Install(move, new SegmentInfo { Depth = info.Depth, Count = move.Count }, low + bit);
    }

    private void Install(Segment segment, SegmentInfo info, int first)
    {
        for (var slot = first; slot < _tags.Length; slot += 1 << info.Depth)
        {
            _tags[slot] = segment.Tags;
            _entries[slot] = segment.Entries;
            _infos[slot] = info;
        }
    }

    private void DoubleDirectory()
    {
        _tags = [.. _tags, .. _tags];
        _entries = [.. _entries, .. _entries];
        _infos = [.. _infos, .. _infos];
    }

    /// <summary>Enumerates references to the entries of a table.</summary>
    public ref struct Enumerator
    {
        private readonly KeyedTable<TKey, TState> _table;
        private byte[] _tags;
        private KeyedEntry<TKey, TState>[] _entries;
        private int _segment;
        private int _slot;

        internal Enumerator(KeyedTable<TKey, TState> table)
        {
            _table = table;
            _tags = table._tags[0];
            _entries = table._entries[0];
            _slot = -1;
        }

        /// <summary>The current entry.</summary>
        public readonly ref KeyedEntry<TKey, TState> Current => ref _entries[_slot];

        /// <summary>Moves on.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            while (true)
            {
                var tags = _tags;
                while (++_slot < tags.Length)
                {
                    if (tags[_slot] != 0)
                    {
                        return true;
                    }
                }

                do
                {
                    if (++_segment == _table._tags.Length)
                    {
                        return false;
                    }
                }
                while (!_table.IsFirstSlotOf(_segment));

                _tags = _table._tags[_segment];
                _entries = _table._entries[_segment];
                _slot = -1;
            }
        }
    }

    private sealed class Segment(int size)
    {
        public byte[] Tags { get; } = new byte[size];

        public KeyedEntry<TKey, TState>[] Entries { get; } = new KeyedEntry<TKey, TState>[size];

        public int Count { get; private set; }

        public void Put(in KeyedEntry<TKey, TState> entry)
        {
            Entries[Occupy(Tags, TKey.Hash(entry.Key))] = entry;
            Count++;
        }
    }

    private sealed class SegmentInfo
    {
        public int Count;
        public int Depth;
    }
}
