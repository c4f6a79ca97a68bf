using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Streams;

/// <summary>The rows of a batch that a filter keeps, by their indices.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct Selection
{
    private readonly ref int _indices;
    private int _count;

    internal Selection(int[] indices) => _indices = ref MemoryMarshal.GetArrayDataReference(indices);

    /// <summary>The rows that are kept, in their order.</summary>
    public readonly ReadOnlySpan<int> Indices => MemoryMarshal.CreateReadOnlySpan(ref _indices, _count);

    /// <summary>Adds a row if it is kept. There is room for as many calls as rows were announced.</summary>
    /// <param name="index">The index of the row.</param>
    /// <param name="isKept">Whether it is kept.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int index, bool isKept)
    {
        // Written in any case, and written over by the next one unless it counts: so there is no branch.
        Unsafe.Add(ref _indices, _count) = index;
        _count += isKept ? 1 : 0;
    }
}
