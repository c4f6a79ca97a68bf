using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.State;

/// <summary>
/// A hash table of state by key: open addressing inside segments, and extendible hashing over the segments (Fagin, Nievergelt, Pippenger,
/// Strong: "Extendible hashing", 1979). The table grows by splitting one segment, so no insertion ever moves more than the entries of one
/// segment. Inside a segment, sixteen one-byte tags are compared at a time, as in Abseil's Swiss tables (Kulukundis, 2017). Keys whose
/// hashes have too many equal bits are stored in order instead.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public partial class KeyedTable<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    // The use of the bits of a hash: 7 for the tag, then those for the group in its segment, then those for the directory.
    private const int TagBits = 7;
    private const int DirectoryShift = 14;
    private const byte Used = 0x80;

    // The length of the directory is a power of two. Several places may contain the same segment, whose depth is the number of bits that
    // distinguish it. Leaves follow the directory. Slots and entries are separate arrays, so that neither load waits for the other.
    private byte[][] _slots = [new byte[Slots.BytesOf(Slots.GroupSize)]];
    private KeyedEntry<TKey, TState>[][] _entries = [new KeyedEntry<TKey, TState>[Slots.GroupSize]];
    private SegmentInfo[] _infos = [new SegmentInfo()];

    // The length of the directory minus one.
    private int _mask;

    /// <summary>The number of keys in the table.</summary>
    public int Count { get; private set; }

    /// <summary>The secret in the hashes of keys.</summary>
    public ulong Secret => _secret.Value;

    /// <summary>The keys with a negative zero, while state of release 0.1 is restored.</summary>
    internal SignedZeros<TKey>? Zeros { get; set; }

    /// <summary>Returns the state of a key, and adds the default state if the key does not exist.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    /// <returns>A reference that is valid until the next key is added or the table is frozen.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TState GetOrAdd(TKey key, ulong hash)
    {
        // Directory and segment lengths are powers of two, so a masked index is always in range; the bounds checks that the JIT cannot
        // remove would cost as much as the comparison.
        var segment = (nint)((hash >> DirectoryShift) & (uint)_mask);
        var slots = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), segment);
        var entries = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), segment);
        var tag = Vector128.Create((byte)((uint)hash | Used));
        var mask = (uint)slots.Length - 1;
        var group = ((uint)(hash >> TagBits) * Slots.GroupBytes) & mask;
        while (true)
        {
            ref var tags = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), group);
            var present = Vector128.LoadUnsafe(ref tags);
            for (var matches = Vector128.Equals(present, tag).ExtractMostSignificantBits(); matches != 0; matches &= matches - 1)
            {
                var index = (uint)BitOperations.TrailingZeroCount(matches);
                ref var entry = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(entries), group / 2 + index);
                if (TKey.Equals(entry.Key, key))
                {
                    // The caller may write through the reference.
                    if (Unsafe.Add(ref tags, index + Slots.GroupSize) != _epoch)
                    {
                        Touch(segment, group / 2 + index);
                    }

                    return ref entry.State;
                }
            }

            // A group with a free slot ends every search that began at or before it. Used tags have their highest bit set.
            if (present.ExtractMostSignificantBits() != 0xFFFF)
            {
                return ref Add(key, hash);
            }

            group = (group + Slots.GroupBytes) & mask;
        }
    }

    /// <summary>
    /// Returns the state of a key for reading, and adds the default state if the key does not exist. Unlike <see cref="GetOrAdd"/>, it does
    /// not count as a change of a key that exists, so the next incremental checkpoint does not contain the key again.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    /// <param name="isNew">Whether the key was added.</param>
    /// <returns>
    /// A reference that is valid until the next key is added or the table is frozen, and may only be read: <see cref="GetOrAdd"/> returns
    /// one to change the state.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly TState FindOrAdd(TKey key, ulong hash, out bool isNew)
    {
        // The same search as that of GetOrAdd.
        var segment = (nint)((hash >> DirectoryShift) & (uint)_mask);
        var slots = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), segment);
        var entries = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), segment);
        var tag = Vector128.Create((byte)((uint)hash | Used));
        var mask = (uint)slots.Length - 1;
        var group = ((uint)(hash >> TagBits) * Slots.GroupBytes) & mask;
        while (true)
        {
            var present = Vector128.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), group));
            for (var matches = Vector128.Equals(present, tag).ExtractMostSignificantBits(); matches != 0; matches &= matches - 1)
            {
                var index = group / 2 + (uint)BitOperations.TrailingZeroCount(matches);
                ref var entry = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(entries), index);
                if (TKey.Equals(entry.Key, key))
                {
                    isNew = false;
                    return ref entry.State;
                }
            }

            if (present.ExtractMostSignificantBits() != 0xFFFF)
            {
                // Keys with equal hashes may be in a leaf, where this finds them.
                var count = Count;
                ref var added = ref Add(key, hash);
                isNew = Count > count;
                return ref added;
            }

            group = (group + Slots.GroupBytes) & mask;
        }
    }

    /// <summary>Enumerates the entries in no particular order. Only the states may change during the enumeration.</summary>
    /// <returns>An enumerator over references.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Removes all keys and keeps the memory. Not allowed while <see cref="IsFrozen"/>.</summary>
    public void Clear()
    {
        ClearLeaves();
        for (var index = 0; index <= _mask; index++)
        {
            if (IsFirstSlotOf(index))
            {
                Array.Clear(_slots[index]);
                Array.Clear(_entries[index]);
                _infos[index].Count = 0;
                _infos[index].Removed = 0;
                _infos[index].IsOrdered = false;
            }
        }

        Count = 0;
        _expected = 0;
        _removed?.Clear();
        Zeros = null;
        Account(0);
    }

    // A segment of depth d occupies every place that shares its low d bits; it is counted at the lowest such place.
    private bool IsFirstSlotOf(int index) => IsLeaf(index) || index < 1 << _infos[index].Depth;

    /// <summary>Enumerates references to the entries of a table.</summary>
    public ref struct Enumerator
    {
        private readonly KeyedTable<TKey, TState> _table;
        private byte[] _slots;
        private KeyedEntry<TKey, TState>[] _entries;
        private int _segment;
        private int _slot;

        internal Enumerator(KeyedTable<TKey, TState> table)
            : this(table, TablePlace.Start)
        {
        }

        internal Enumerator(KeyedTable<TKey, TState> table, TablePlace behind)
        {
            _table = table;
            _segment = behind.Segment;
            _slots = table._slots[_segment];
            _entries = table._entries[_segment];
            _slot = behind.Slot;
        }

        /// <summary>The place of the current entry, valid while no key is added.</summary>
        internal readonly TablePlace Place => new(_segment, _slot);

        /// <summary>The number of entries visited.</summary>
        internal int Passed { get; private set; }

        /// <summary>The current entry, which may only be read. Unlike <see cref="Current"/>, this does not count as a change.</summary>
        internal readonly ref readonly KeyedEntry<TKey, TState> Unchanged => ref _entries[_slot];

        /// <summary>The current entry.</summary>
        public readonly ref KeyedEntry<TKey, TState> Current
        {
            get
            {
                if (_slots[Slots.StampOf(_slot)] != _table._epoch)
                {
                    _table.Touch(_segment, (uint)_slot);
                }

                return ref _entries[_slot];
            }
        }

        /// <summary>Advances to the next entry.</summary>
        /// <returns><c>false</c> at the end.</returns>
        public bool MoveNext()
        {
            while (true)
            {
                var slots = _slots;
                while (++_slot < Slots.CountOf(slots))
                {
                    if (_table.IsLive(slots, _entries, _slot))
                    {
                        Passed++;
                        return true;
                    }
                }

                do
                {
                    if (++_segment == _table.Places)
                    {
                        return false;
                    }
                }
                while (!_table.IsFirstSlotOf(_segment));

                _slots = _table._slots[_segment];
                _entries = _table._entries[_segment];
                _slot = -1;
            }
        }
    }
}
