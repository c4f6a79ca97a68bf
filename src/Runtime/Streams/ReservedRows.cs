using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Connectors;

namespace Penstock.Streams;

/// <summary>A reserved range of rows in a batch.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct ReservedRows<T>
{
    private readonly ref T _rows;
    private readonly ref long _times;

    internal ReservedRows(Batch<T> batch)
    {
        _rows = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(batch.Rows), batch.Count);
        _times = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(batch.Times), batch.Count);
    }

    /// <summary>Sets a reserved row, for a sink that does not read event times.</summary>
    /// <param name="index">The number of rows set before; less than the number of reserved rows.</param>
    /// <param name="row">The row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int index, in T row) => Unsafe.Add(ref _rows, index) = row;

    /// <summary>Sets a reserved row.</summary>
    /// <param name="index">The number of rows set before; less than the number of reserved rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int index, in T row, long time)
    {
        Unsafe.Add(ref _rows, index) = row;
        Unsafe.Add(ref _times, index) = time;
    }
}
