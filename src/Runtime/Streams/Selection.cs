using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Streams;

/// <summary>The indices of the rows of a batch that a filter keeps.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct Selection
{
    private readonly ref int _indices;
    private int _count;

    internal Selection(int[] indices) => _indices = ref MemoryMarshal.GetArrayDataReference(indices);

    /// <summary>The indices of the kept rows, in ascending order.</summary>
    public readonly ReadOnlySpan<int> Indices => MemoryMarshal.CreateReadOnlySpan(ref _indices, _count);

    /// <summary>Adds a row if it is kept. There may be as many calls as rows were announced.</summary>
    /// <param name="index">The index of the row.</param>
    /// <param name="isKept"><c>true</c> if the row is kept.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int index, bool isKept)
    {
        // Always written, and overwritten by the next row unless it counts, which avoids a branch.
        Unsafe.Add(ref _indices, _count) = index;
        _count += isKept ? 1 : 0;
    }
}
