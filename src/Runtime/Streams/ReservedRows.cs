using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Connectors;

namespace Penstock.Streams;

/// <summary>Room in a batch for as many rows as were reserved.</summary>
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

    /// <summary>Puts a row into the room, for a sink that reads no event times.</summary>
    /// <param name="index">How many rows were put before; less than what was reserved.</param>
    /// <param name="row">The row to put there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int index, in T row) => Unsafe.Add(ref _rows, index) = row;

    /// <summary>Puts a row into the room.</summary>
    /// <param name="index">How many rows were put before; less than what was reserved.</param>
    /// <param name="row">The row to put there.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int index, in T row, long time)
    {
        Unsafe.Add(ref _rows, index) = row;
        Unsafe.Add(ref _times, index) = time;
    }
}
