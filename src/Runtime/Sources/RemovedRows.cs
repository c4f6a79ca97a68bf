using System.Runtime.InteropServices;

namespace Penstock.Sources;

/// <summary>The rows removed from a batch, in ascending order. A reader uses them to find the original index of a row.</summary>
internal readonly struct RemovedRows()
{
    private readonly List<int> _indices = [];

    /// <summary>Adds a removed row.</summary>
    /// <param name="index">The index among the rows as they were read.</param>
    public void Add(int index)
    {
        // Usually after all others. Rows without event time are removed first, and bad rows between them later.
        var place = _indices.Count;
        while (place > 0 && _indices[place - 1] > index)
        {
            place--;
        }

        _indices.Insert(place, index);
    }

    public void Clear() => _indices.Clear();

    /// <summary>The indices that the removed rows had when they were read.</summary>
    public ReadOnlySpan<int> Indices => CollectionsMarshal.AsSpan(_indices);

    /// <summary>Returns the index that a row of the batch had when it was read.</summary>
    /// <param name="index">The current index.</param>
    public int IndexAsRead(int index)
    {
        foreach (var removed in _indices)
        {
            index += removed <= index ? 1 : 0;
        }

        return index;
    }
}
