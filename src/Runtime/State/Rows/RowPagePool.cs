using System.Numerics;

namespace Penstock.State;

/// <summary>The arrays of pages: accounted as they are allocated, and kept for other rows up to a share of those in use.</summary>
/// <param name="memory">The memory account, or null for none.</param>
internal sealed class RowPagePool(StateMemory? memory)
{
    /// <summary>The size of the arrays to which rows are appended. Those to which rows are moved are smaller powers of two.</summary>
    public const int PageSize = 64 * 1024;

    /// <summary>The size of the smallest arrays.</summary>
    public const int MinSize = 1024;

    // Pages that are kept even if no rows are.
    private const long MinSpare = 4 * PageSize;
    private const int ArrayHeader = 24;

    private readonly Stack<byte[]>[] _spare =
        [.. Enumerable.Range(0, BitOperations.Log2(PageSize / MinSize) + 1).Select(static _ => new Stack<byte[]>())];

    // Arrays that only the frozen version reads.
    private readonly List<byte[]> _replaced = [];
    private RowFreeze? _frozen;
    private long _inUse;
    private long _spareBytes;

    /// <summary>Keeps the arrays of a frozen version until it has ended.</summary>
    public void KeepFor(RowFreeze freeze) => _frozen = freeze;

    /// <summary>Indicates whether a frozen version is still read. If it has ended, its arrays are used again.</summary>
    public bool IsFrozen()
    {
        if (_frozen is { IsDone: true } ended)
        {
            _frozen = null;
            ended.Release();
            foreach (var array in _replaced)
            {
                Reuse(array);
            }

            _replaced.Clear();
        }

        return _frozen != null;
    }

    /// <summary>Rents an array of at least a given size; larger than <see cref="PageSize"/> only if the size is.</summary>
    /// <param name="size">The size in bytes.</param>
    /// <param name="rows">The number of rows that were added since the last call.</param>
    public byte[] Rent(int size, long rows)
    {
        var pooled = size > PageSize ? size : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, MinSize));
        _inUse += pooled;
        if (pooled <= PageSize && SpareOf(pooled).TryPop(out var spare))
        {
            _spareBytes -= pooled;
            memory?.Add(0, rows);
            return spare;
        }

        // An array of a page lives long, and would be copied by the garbage collector if it was not pinned.
        memory?.Add(pooled + ArrayHeader, rows);
        return GC.AllocateUninitializedArray<byte>(pooled, pinned: pooled == PageSize);
    }

    /// <summary>Returns an array.</summary>
    /// <param name="array">The array.</param>
    /// <param name="frozenIn">The number of the newest freeze that contains it; 0 if there is none.</param>
    public void Return(byte[] array, int frozenIn)
    {
        _inUse -= array.Length;
        if (frozenIn != 0 && IsFrozen() && frozenIn == _frozen!.Number)
        {
            _replaced.Add(array);
        }
        else
        {
            Reuse(array);
        }
    }

    private Stack<byte[]> SpareOf(int size) => _spare[BitOperations.Log2((uint)(size / MinSize))];

    private void Reuse(byte[] array)
    {
        if (array.Length > PageSize)
        {
            memory?.Add(-(array.Length + ArrayHeader), 0);
            return;
        }

        _spareBytes += array.Length;
        SpareOf(array.Length).Push(array);
        for (var size = _spare.Length - 1; size >= 0 && _spareBytes > MinSpare + _inUse / 8;)
        {
            if (_spare[size].TryPop(out var released))
            {
                _spareBytes -= released.Length;
                memory?.Add(-(released.Length + ArrayHeader), 0);
            }
            else
            {
                size--;
            }
        }
    }
}
