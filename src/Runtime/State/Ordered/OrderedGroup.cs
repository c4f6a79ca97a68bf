namespace Penstock.State;

/// <summary>Neighbouring chunks, with the place at which each of them begins, so that a search does not visit the chunks.</summary>
/// <typeparam name="TEntry">The entries.</typeparam>
internal sealed class OrderedGroup<TEntry>
    where TEntry : struct, IOrdered<TEntry>
{
    /// <summary>The number of chunks that fit.</summary>
    public const int Capacity = 128;

    private readonly OrderedChunk<TEntry>[] _chunks = new OrderedChunk<TEntry>[Capacity];

    // The entries of a chunk are at or after its place, and before that of the next chunk. The first place of all is not a bound.
    private readonly TEntry[] _places = new TEntry[Capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>The place of the first chunk when the group was made.</summary>
    public ref readonly TEntry FirstPlace => ref _places[0];

    /// <summary>The place of the last chunk.</summary>
    public ref readonly TEntry LastPlace => ref _places[Count - 1];

    public ref OrderedChunk<TEntry> this[int index] => ref _chunks[index];

    /// <summary>Returns the index of the last chunk that begins at or before a place.</summary>
    public int Find(in TEntry entry) => Find(_places.AsSpan(0, Count), in entry);

    /// <summary>Returns the index of the last place at or before another one; 0 if all are after it.</summary>
    public static int Find(ReadOnlySpan<TEntry> places, in TEntry entry)
    {
        var (low, high) = (1, places.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (TEntry.Compare(in places[middle], in entry) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    public void Insert(int index, OrderedChunk<TEntry> chunk, in TEntry place)
    {
        Array.Copy(_chunks, index, _chunks, index + 1, Count - index);
        Array.Copy(_places, index, _places, index + 1, Count - index);
        _chunks[index] = chunk;
        _places[index] = place;
        Count++;
    }

    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_chunks, index + 1, _chunks, index, Count - index);
        Array.Copy(_places, index + 1, _places, index, Count - index);
        _chunks[Count] = null!;
        _places[Count] = default;
    }

    /// <summary>Moves the second half to an empty group.</summary>
    public void SplitTo(OrderedGroup<TEntry> other)
    {
        var half = Count / 2;
        Array.Copy(_chunks, half, other._chunks, 0, Count - half);
        Array.Copy(_places, half, other._places, 0, Count - half);
        Array.Clear(_chunks, half, Count - half);
        Array.Clear(_places, half, Count - half);
        (other.Count, Count) = (Count - half, half);
    }
}
