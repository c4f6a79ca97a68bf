using Penstock.State;

namespace Penstock.Joins;

/// <summary>
/// The lists of all keys. A list is an array whose length is a power of two, in a larger array that it shares with others: there is no
/// object for each key. Once warm, nothing allocates.
/// </summary>
/// <param name="memory">The memory account, or null for none.</param>
internal sealed class JoinBlocks(StateMemory? memory)
{
    // Larger blocks have an array of their own.
    private const int SharedBits = 12;
    private const int SharedSize = 1 << SharedBits;
    private const int EntrySize = 16;
    private const int ArrayHeader = 24;
    private const int MaxBits = 30;

    private readonly List<JoinEntry[]> _arrays = [];
    private readonly Stack<int> _unused = new();

    // The first free block of each size; -1 if there is none.
    private readonly int[] _free = [.. Enumerable.Repeat(-1, MaxBits + 1)];

    /// <summary>The entries of a list.</summary>
    public Span<JoinEntry> EntriesOf(in JoinList list) =>
        list.Count == 0 ? [] : BlockOf(list.Block, list.SizeBits).Slice(list.Start, list.Count);

    /// <summary>Adds an entry behind those with the same or an earlier time.</summary>
    public void Add(ref JoinList list, in JoinEntry entry)
    {
        if (list.Count == 0)
        {
            (list.Start, list.SizeBits) = (0, 0);
            list.Block = Rent(0);
            list.Count = 1;
            BlockOf(list.Block, 0)[0] = entry;
            return;
        }

        var index = list.Count;
        if (EntriesOf(in list)[index - 1].Time > entry.Time)
        {
            index = CountBefore(EntriesOf(in list), entry.Time + 1);
        }

        Open(ref list, index);
        BlockOf(list.Block, list.SizeBits)[list.Start + index] = entry;
    }

    /// <summary>Removes the first entry.</summary>
    public void RemoveFirst(ref JoinList list)
    {
        list.Start++;
        if (--list.Count == 0)
        {
            Return(list.Block, list.SizeBits);
        }
        else if (list.Count <= 1 << list.SizeBits >> 3)
        {
            Move(ref list, list.SizeBits - 2);
        }
    }

    /// <summary>Returns the number of entries that come before a time.</summary>
    public static int CountBefore(ReadOnlySpan<JoinEntry> entries, long time)
    {
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].Time < time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Removes all lists.</summary>
    public void Clear()
    {
        memory?.Add(-_arrays.Sum(static array => array.Length == 0 ? 0L : BytesOf(array.Length)), 0);
        _arrays.Clear();
        _unused.Clear();
        Array.Fill(_free, -1);
    }

    private Span<JoinEntry> BlockOf(int block, int bits) =>
        _arrays[block >> SharedBits].AsSpan(block & (SharedSize - 1), 1 << bits);

    // Makes room for an entry at an index: moves the shorter part of the list, or all of it to the beginning of a block.
    private void Open(ref JoinList list, int index)
    {
        var size = 1 << list.SizeBits;
        var isFull = list.Start + list.Count == size;
        if (list.Start > 0 && (index < list.Count / 2 || isFull && list.Count - index > index))
        {
            var entries = BlockOf(list.Block, list.SizeBits);
            entries.Slice(list.Start, index).CopyTo(entries[(list.Start - 1)..]);
            list.Start--;
            list.Count++;
            return;
        }

        if (isFull && list.Start > size / 4)
        {
            var entries = BlockOf(list.Block, list.SizeBits);
            entries.Slice(list.Start, list.Count).CopyTo(entries);
            list.Start = 0;
        }
        else if (isFull)
        {
            Move(ref list, list.SizeBits + 1);
        }

        var block = BlockOf(list.Block, list.SizeBits);
        block[(list.Start + index)..(list.Start + list.Count)].CopyTo(block[(list.Start + index + 1)..]);
        list.Count++;
    }

    private void Move(ref JoinList list, int bits)
    {
        var block = Rent(bits);
        EntriesOf(in list).CopyTo(BlockOf(block, bits));
        Return(list.Block, list.SizeBits);
        (list.Block, list.Start, list.SizeBits) = (block, 0, bits);
    }

    private int Rent(int bits)
    {
        var block = _free[bits];
        if (block >= 0)
        {
            _free[bits] = (int)BlockOf(block, bits)[0].Time;
            return block;
        }

        if (bits >= SharedBits)
        {
            return NewArray(1 << bits) << SharedBits;
        }

        // Half of a larger block.
        block = Rent(bits + 1);
        Return(block + (1 << bits), bits);
        return block;
    }

    private void Return(int block, int bits)
    {
        if (bits > SharedBits && _free[bits] >= 0)
        {
            // One large array of each size is kept for the next list that grows.
            memory?.Add(-BytesOf(1 << bits), 0);
            _arrays[block >> SharedBits] = [];
            _unused.Push(block >> SharedBits);
            return;
        }

        BlockOf(block, bits)[0] = JoinEntry.Free(_free[bits]);
        _free[bits] = block;
    }

    private int NewArray(int length)
    {
        memory?.Add(BytesOf(length), 0);
        var array = GC.AllocateUninitializedArray<JoinEntry>(length);
        if (_unused.TryPop(out var index))
        {
            _arrays[index] = array;
            return index;
        }

        _arrays.Add(array);
        return _arrays.Count - 1;
    }

    private static long BytesOf(int length) => (long)length * EntrySize + ArrayHeader;
}
