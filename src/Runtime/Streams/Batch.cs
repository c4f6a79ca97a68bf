using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.Streams;
using Penstock.Time;

namespace Penstock.Connectors;

/// <summary>A pooled batch of rows with their event times, optional row kinds, and the watermark updates between them.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class Batch<T> : Batch
{
    private readonly BatchPool<T> _pool;

    internal Batch(BatchPool<T> pool, int capacity)
        : base(capacity)
    {
        _pool = pool;
        Rows = new T[capacity];
    }

    /// <summary>The rows; the first <see cref="Batch.Count"/> are valid.</summary>
    public T[] Rows { get; }

    /// <summary>Adds a row. The caller must check that the batch is not full.</summary>
    /// <param name="row">The row to add.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    /// <returns><c>true</c> if the batch is now full.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(in T row, long time)
    {
        // A full batch is never added to, so the index is always in range.
        var times = Times;
        var count = Count;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Rows), count) = row;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(times), count) = time;
        Count = ++count;
        return count == times.Length;
    }

    /// <summary>Adds a row of a stream without event time, with time 0. The caller must check that the batch is not full.</summary>
    /// <param name="row">The row to add.</param>
    /// <returns><c>true</c> if the batch is now full.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(in T row)
    {
        // Times are initially 0 and stay so: either all rows of an output have an event time, or none.
        var rows = Rows;
        var count = Count;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(rows), count) = row;
        Count = ++count;
        return count == rows.Length;
    }

    /// <inheritdoc/>
    internal override void Release()
    {
        Empty();
        _pool.Return(this);
    }

    /// <summary>
    /// Removes a row and moves the following rows up. Valid only before the batch has event times or watermark updates for them.
    /// </summary>
    internal void Remove(int index)
    {
        Count--;
        Array.Copy(Rows, index + 1, Rows, index, Count - index);
        Rows[Count] = default!;
    }

    /// <summary>Removes the rows at some indices, in ascending order. Valid when the removal of one row is.</summary>
    internal void Remove(ReadOnlySpan<int> indices)
    {
        var kept = 0;
        var next = 0;
        for (var index = 0; index < Count; index++)
        {
            if (next < indices.Length && indices[next] == index)
            {
                next++;
            }
            else
            {
                Rows[kept++] = Rows[index];
            }
        }

        Array.Clear(Rows, kept, Count - kept);
        Count = kept;
    }

    internal void Empty()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(Rows, 0, Count);
        }

        Reset();
    }
}

/// <summary>The part of a batch that does not depend on the row type.</summary>
public abstract class Batch
{
    private WatermarkUpdate[] _steps = new WatermarkUpdate[4];
    private int _stepCount;
    private RowKind[]? _kinds;
    private bool _hasKinds;

    private protected Batch(int capacity) => Times = new long[capacity];

    /// <summary>The number of rows in the batch.</summary>
    public int Count { get; internal set; }

    /// <summary>The maximum number of rows in the batch.</summary>
    public int Capacity => Times.Length;

    /// <summary>The event times of the rows, in microseconds since the Unix epoch.</summary>
    public long[] Times { get; }

    /// <summary>The kinds of the rows, or null if all are <see cref="RowKind.Insert"/>.</summary>
    public RowKind[]? Kinds => _hasKinds ? _kinds : null;

    /// <summary>Returns the kind of a row.</summary>
    /// <param name="index">The index of the row.</param>
    /// <returns>The row kind.</returns>
    public RowKind KindOf(int index) => _hasKinds ? _kinds![index] : RowKind.Insert;

    /// <summary>The watermark updates, in the order of their rows.</summary>
    public ReadOnlySpan<WatermarkUpdate> WatermarkUpdates => _steps.AsSpan(0, _stepCount);

    internal bool IsEmpty => Count == 0 && _stepCount == 0;

    internal void AddWatermark(long split, long combined) => AddWatermark(Count, split, combined);

    internal void AddWatermark(int index, long split, long combined)
    {
        // Two updates at the same row are merged, since no row lies between them.
        if (_stepCount > 0
            && _steps[_stepCount - 1] is var last
            && last.Index == index
            && !MustKeep(last.CombinedWatermark, combined))
        {
            _stepCount--;
        }

        Restore(new WatermarkUpdate(index, split, combined));
    }

    /// <summary>
    /// Determines whether an update is kept although another one follows without a row between them: the event time reached must not be
    /// lost if an input then becomes idle or ends, or if a split that becomes active holds it back.
    /// </summary>
    internal static bool MustKeep(long combined, long next) =>
        Watermarks.IsInstant(combined) && (next >= Watermarks.Idle || next < combined);

    /// <summary>Adds a watermark update copied from another batch.</summary>
    internal void Restore(in WatermarkUpdate step)
    {
        if (_stepCount == _steps.Length)
        {
            Array.Resize(ref _steps, _stepCount * 2);
        }

        _steps[_stepCount++] = step;
    }

    /// <summary>Sets the kind of the row that was added last.</summary>
    internal void SetLastKind(RowKind kind)
    {
        if (kind != RowKind.Insert)
        {
            NeedKinds()[Count - 1] = kind;
        }
    }

    /// <summary>Returns the array of row kinds, allocating it if all rows were inserts so far.</summary>
    internal RowKind[] NeedKinds()
    {
        _hasKinds = true;
        return _kinds ??= new RowKind[Capacity];
    }

    /// <summary>Returns the batch to its pool. It must not be used afterwards.</summary>
    internal abstract void Release();

    private protected void Reset()
    {
        if (_hasKinds)
        {
            _kinds.AsSpan(0, Count).Clear();
            _hasKinds = false;
        }

        Count = 0;
        _stepCount = 0;
    }
}
