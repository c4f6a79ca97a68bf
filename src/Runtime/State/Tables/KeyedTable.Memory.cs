using System.Runtime.CompilerServices;

namespace Penstock.State;

// What the table has allocated, reported as it grows.
public partial class KeyedTable<TKey, TState>
{
    // Three references per segment; and the headers of its two arrays with what is known of it.
    private const int DirectoryBytes = 3 * 8;
    private const int SegmentOverhead = 2 * 24 + 40;

    private long _bytes;
    private int _reported;

    // Of that, what only a frozen version still refers to.
    private long _held;

    // The segments before this place are given up.
    private int _firstKept;

    /// <summary>Accounts for the memory of the table; null where it is not accounted for.</summary>
    internal StateMemory? Memory => _memory;

    /// <summary>What the table has allocated.</summary>
    internal long Bytes => _bytes;

    /// <summary>Says that the table is given to the garbage collector.</summary>
    internal void Drop()
    {
        _memory?.Add(-_bytes - _frozen.ImageBytes - (_removed?.Bytes ?? 0), -_reported);
        _bytes = 0;
        _reported = 0;
    }

    /// <summary>
    /// Gives the segments before a place to the garbage collector. From then on the table can only be enumerated and frozen from that place
    /// on, and dropped. Nothing happens while <see cref="IsFrozen"/>.
    /// </summary>
    /// <param name="place">The place. The segment in which it lies is kept.</param>
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

    /// <summary>Whether segments were given up, so that the memory cannot be used for other keys.</summary>
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
        if (_freeze != null && old.Born < _number)
        {
            _held += bytes;
        }
        else
        {
            Account(-bytes);
        }
    }

    private void Hold(long bytes)
    {
        Account(bytes);
        _held += bytes;
    }

    private void LetGo()
    {
        Account(-_held);
        _held = 0;
    }
}
