using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Penstock.Streams;

/// <summary>The reused buffer between an operator that emits any number of rows and the next stage.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RowBuffer<T>
{
    private const int MinRows = 16;

    // A buffer that one row has made larger than this is released.
    private const int MaxRows = 16_384;

    private T[] _items = new T[MinRows];

    /// <summary>The number of rows in the buffer.</summary>
    public int Count { get; private set; }

    /// <summary>The number of rows that fit before the buffer grows.</summary>
    internal int Capacity => _items.Length;

    /// <summary>The rows in the buffer. Valid until the next one is added.</summary>
    public ReadOnlySpan<T> Rows => new(_items, 0, Count);

    /// <summary>Empties the buffer. Its memory is kept unless it is large.</summary>
    public void Clear()
    {
        if (_items.Length > MaxRows)
        {
            _items = new T[MinRows];
        }
        else if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_items, 0, Count);
        }

        Count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(in T row)
    {
        var items = _items;
        var count = Count;
        if ((uint)count < (uint)items.Length)
        {
            items[count] = row;
            Count = count + 1;
        }
        else
        {
            AddSlowly(in row);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddSlowly(in T row)
    {
        Array.Resize(ref _items, Count * 2);
        _items[Count++] = row;
    }
}
