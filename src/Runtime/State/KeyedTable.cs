using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// State by key: open addressing with linear probing inside segments, and extendible hashing over the segments (Fagin,
/// Nievergelt, Pippenger, Strong: "Extendible hashing", 1979). The table grows by splitting one segment, so that no insertion ever
/// moves more than one segment's entries.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
public class KeyedTable<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private const int FirstSegmentSize = 16;
    private const int SegmentSize = 1024;

    // The directory is indexed by the hash bits above those that place an entry in its segment.
    private const int DirectoryShift = 12;

    // A power of two long; several slots may hold the same segment, whose depth says how many bits tell it apart.
    private KeyedEntry<TKey, TState>[][] _directory = [new KeyedEntry<TKey, TState>[FirstSegmentSize]];
    private SegmentInfo[] _infos = [new SegmentInfo()];

    /// <summary>How many keys the table holds.</summary>
    public int Count { get; private set; }

    internal int DirectorySize => _directory.Length;

    /// <summary>Finds the state of a key, or adds it with the default state.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/>.</param>
    /// <returns>A reference that is valid until the next key is added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TState GetOrAdd(TKey key, ulong hash)
    {
        var directory = _directory;
        var entries = directory[(int)(hash >> DirectoryShift) & (directory.Length - 1)];
        var tag = (uint)hash | 1;
        var slot = (int)(hash >> 1) & (entries.Length - 1);
        while (true)
        {
            ref var entry = ref entries[slot];
            if (entry.Tag == tag && TKey.Equals(entry.Key, key))
            {
                return ref entry.State;
            }

            if (entry.Tag == 0)
            {
                return ref Add(key, hash);
            }

            slot = (slot + 1) & (entries.Length - 1);
        }
    }

    /// <summary>Enumerates the entries, in no particular order; the table must not change meanwhile.</summary>
    /// <returns>An enumerator over references.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Removes every key and keeps the memory.</summary>
    public void Clear()
    {
        for (var index = 0; index < _directory.Length; index++)
        {
            if (IsFirstSlotOf(index))
            {
                Array.Clear(_directory[index]);
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
            var index = (int)(hash >> DirectoryShift) & (_directory.Length - 1);
            var entries = _directory[index];
            var info = _infos[index];
            if (info.Count < entries.Length - entries.Length / 4)
            {
                info.Count++;
                Count++;
                ref var entry = ref FreeSlot(entries, hash);
                entry.Tag = (uint)hash | 1;
                entry.Key = key;
                return ref entry.State;
            }

            if (entries.Length < SegmentSize)
            {
                ReplaceSegment(index, Grow(entries));
            }
            else
            {
                Split(index);
            }
        }
    }

    private static ref KeyedEntry<TKey, TState> FreeSlot(KeyedEntry<TKey, TState>[] entries, ulong hash)
    {
        var slot = (int)(hash >> 1) & (entries.Length - 1);
        while (entries[slot].Tag != 0)
        {
            slot = (slot + 1) & (entries.Length - 1);
        }

        return ref entries[slot];
    }

    private static KeyedEntry<TKey, TState>[] Grow(KeyedEntry<TKey, TState>[] entries)
    {
        var grown = new KeyedEntry<TKey, TState>[entries.Length * 4];
        foreach (ref var entry in entries.AsSpan())
        {
            if (entry.Tag != 0)
            {
                FreeSlot(grown, TKey.Hash(entry.Key)) = entry;
            }
        }

        return grown;
    }

    private void ReplaceSegment(int index, KeyedEntry<TKey, TState>[] entries)
    {
        var info = _infos[index];
        var step = 1 << info.Depth;
        for (var slot = index & (step - 1); slot < _directory.Length; slot += step)
        {
            _directory[slot] = entries;
        }
    }

    private void Split(int index)
    {
        var info = _infos[index];
        if (1 << info.Depth == _directory.Length)
        {
            DoubleDirectory();
        }

        var bit = 1UL << info.Depth;
        var stay = new KeyedEntry<TKey, TState>[SegmentSize];
        var move = new KeyedEntry<TKey, TState>[SegmentSize];
        var moved = new SegmentInfo { Depth = info.Depth + 1 };
        foreach (ref var entry in _directory[index].AsSpan())
        {
            if (entry.Tag == 0)
            {
                continue;
            }

            var hash = TKey.Hash(entry.Key);
            var moves = ((hash >> DirectoryShift) & bit) != 0;
            FreeSlot(moves ? move : stay, hash) = entry;
            if (moves)
            {
                moved.Count++;
            }
        }

        info.Count -= moved.Count;
        var low = index & ((int)bit - 1);
        info.Depth++;
        for (var slot = low; slot < _directory.Length; slot += 1 << info.Depth)
        {
            _directory[slot] = stay;
        }

        for (var slot = low + (int)bit; slot < _directory.Length; slot += 1 << info.Depth)
        {
            _directory[slot] = move;
            _infos[slot] = moved;
        }
    }

    private void DoubleDirectory()
    {
        var size = _directory.Length;
        Array.Resize(ref _directory, size * 2);
        Array.Resize(ref _infos, size * 2);
        Array.Copy(_directory, 0, _directory, size, size);
        Array.Copy(_infos, 0, _infos, size, size);
    }

    /// <summary>Enumerates references to the entries of a table.</summary>
    public ref struct Enumerator
    {
        private readonly KeyedTable<TKey, TState> _table;
        private Span<KeyedEntry<TKey, TState>> _entries;
        private int _segment;
        private int _slot;

        internal Enumerator(KeyedTable<TKey, TState> table)
        {
            _table = table;
            _segment = 0;
            _slot = -1;
            _entries = table._directory[0];
        }

        /// <summary>The current entry.</summary>
        public readonly ref KeyedEntry<TKey, TState> Current => ref _entries[_slot];

        /// <summary>Moves on.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            while (true)
            {
                while (++_slot < _entries.Length)
                {
                    if (_entries[_slot].Tag != 0)
                    {
                        return true;
                    }
                }

                do
                {
                    if (++_segment == _table._directory.Length)
                    {
                        return false;
                    }
                }
                while (!_table.IsFirstSlotOf(_segment));

                _entries = _table._directory[_segment];
                _slot = -1;
            }
        }
    }

    private sealed class SegmentInfo
    {
        public int Count;
        public int Depth;
    }
}
