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
/// Keys whose hashes are too equal for that lie in order instead.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public partial class KeyedTable<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    // Which bits of a hash do what: 7 for the tag, then those of the group in its segment, then those of the directory.
    private const int TagBits = 7;
    private const int DirectoryShift = 14;
    private const byte Used = 0x80;

    // The directory is a power of two long; several places in it may hold the same segment, whose depth says how many bits tell
    // it apart. Behind it are leaves. Slots and entries have arrays of their own, so that neither load waits for the other.
    private byte[][] _slots = [new byte[Slots.BytesOf(Slots.GroupSize)]];
    private KeyedEntry<TKey, TState>[][] _entries = [new KeyedEntry<TKey, TState>[Slots.GroupSize]];
    private SegmentInfo[] _infos = [new SegmentInfo()];

    // The length of the directory less one.
    private int _mask;

    /// <summary>How many keys the table holds.</summary>
    public int Count { get; private set; }

    /// <summary>The secret in the hashes.</summary>
    public ulong Secret => _secret.Value;

    /// <summary>While state of release 0.1 is restored: which of its keys have a negative zero.</summary>
    internal SignedZeros<TKey>? Zeros { get; set; }

    /// <summary>Finds the state of a key, or adds it with the default state.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    /// <returns>A reference that is valid until the next key is added, or the table is frozen.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TState GetOrAdd(TKey key, ulong hash)
    {
        // The directory and segments are powers of two long, so a masked index is always inside; the checks that the JIT cannot drop would
        // cost as much as the comparison.
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

            // A group with a free slot ends every search that began at or before it. Used tags have the highest bit.
            if (present.ExtractMostSignificantBits() != 0xFFFF)
            {
                return ref Add(key, hash);
            }

            group = (group + Slots.GroupBytes) & mask;
        }
    }

    /// <summary>Enumerates the entries, in no particular order; the table must not change meanwhile, but for their state.</summary>
    /// <returns>An enumerator over references.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Removes every key and keeps the memory. Not while <see cref="IsFrozen"/>.</summary>
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

    // A segment of depth d stands in every slot that shares its low d bits; it is counted at the lowest such slot.
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

        /// <summary>Where it stands, as long as no key is added.</summary>
        internal readonly TablePlace Place => new(_segment, _slot);

        /// <summary>How many entries it has come to.</summary>
        internal int Passed { get; private set; }

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

        /// <summary>Moves on.</summary>
        /// <returns>False at the end.</returns>
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
