using System.Runtime.CompilerServices;

namespace Penstock.State;

// The memory allocated by the table, reported as it grows.
public partial class KeyedTable<TKey, TState>
{
    // Three references per segment; then the headers of its two arrays, and its metadata.
    private const int DirectoryBytes = 3 * 8;
    private const int SegmentOverhead = 2 * 24 + 40;

    private long _bytes;
    private int _reported;

    // The part of it that only a frozen version still refers to.
    private long _reservedBytes;

    // The segments before this place have been released.
    private int _firstKept;

    /// <summary>The memory account of the table, or null for none.</summary>
    internal StateMemory? Memory => _memory;

    /// <summary>The memory allocated by the table, in bytes.</summary>
    internal long Bytes => _bytes;

    /// <summary>Records that the table is left to the garbage collector.</summary>
    internal void Drop()
    {
        _memory?.Add(-_bytes - _frozen.ImageBytes - (_removed?.Bytes ?? 0), -_reported);
        _bytes = 0;
        _reported = 0;
    }

    /// <summary>
    /// Leaves the segments before a place to the garbage collector. After that the table can only be enumerated and frozen from that place
    /// on, and dropped. Does nothing while <see cref="IsFrozen"/>.
    /// </summary>
    /// <param name="place">The place. The segment that contains it is kept.</param>
    internal void GiveUpBefore(TablePlace place)
    {
        if (IsFrozen)
        {
            return;
        }

        var bytes = 0L;
        for (; _firstKept < place.Segment; _firstKept++)
        {
            if (IsFirstSlotOf(_firstKept))
            {
                bytes += SegmentBytes(Slots.CountOf(_slots[_firstKept]));
                GiveUpSegment(_firstKept);
            }
        }

        Account(-bytes);
    }

    /// <summary>Indicates whether segments were released, so that the memory cannot be reused for other keys.</summary>
    internal bool IsPartlyGivenUp => _firstKept > 0;

    private void GiveUpSegment(int first)
    {
        var step = IsLeaf(first) ? Places : 1 << _infos[first].Depth;
        for (var place = first; place == first || place <= _mask; place += step)
        {
            (_slots[place], _entries[place]) = ([], []);
        }
    }

    private static int SegmentBytes(int slots) =>
        Slots.BytesOf(slots) + slots * Unsafe.SizeOf<KeyedEntry<TKey, TState>>() + SegmentOverhead;

    private void Account(long bytes)
    {
        if (_memory != null)
        {
            var keys = Count - _reported;
            _bytes += bytes;
            _reported = Count;
            _memory.Add(bytes, keys);
        }
    }

    private void AccountDirectory(int before, int after) => Account((long)DirectoryBytes * (after - before));

    private void Replaced(SegmentInfo old, int slots)
    {
        var bytes = SegmentBytes(slots);
        if (_freeze != null && old.CreatedInFreeze < _number)
        {
            _reservedBytes += bytes;
        }
        else
        {
            Account(-bytes);
        }
    }

    private void ReserveMemory(long bytes)
    {
        Account(bytes);
        _reservedBytes += bytes;
    }

    private void ReleaseMemory()
    {
        Account(-_reservedBytes);
        _reservedBytes = 0;
    }
}
