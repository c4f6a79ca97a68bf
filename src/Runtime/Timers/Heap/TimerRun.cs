using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Timers;

/// <summary>The timers that fire next, in order. Each is contained once; deleted ones are not.</summary>
/// <param name="memory">The memory account, or null for none.</param>
internal sealed class TimerRun<TKey>(StateMemory? memory)
    where TKey : struct, IKey<TKey>
{
    private const int MinCapacity = 64;
    private const int Digits = 256;

    // A pass over the digits of fewer timers costs more than to merge them.
    private const int MinForDigits = 32;

    // Many timers of one instant need more, for a while.
    private const int MaxKept = 4_096;

    private TimerEntry<TKey>[] _timers = new TimerEntry<TKey>[MinCapacity];
    private TimerChange<TKey>[] _changes = new TimerChange<TKey>[MinCapacity];
    private TimerChange<TKey>[] _merged = new TimerChange<TKey>[MinCapacity];
    private int _start;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    public ref readonly TimerEntry<TKey> First => ref _timers[_start];

    public ReadOnlySpan<TimerEntry<TKey>> Timers => _timers.AsSpan(_start, Count);

    public TimerEntry<TKey> Take()
    {
        ref var place = ref _timers[_start++];
        var first = place;
        Count--;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TKey>())
        {
            place = default;
        }

        return first;
    }

    /// <summary>Loads the timers that some changes leave. The run must be empty.</summary>
    /// <param name="first">The first chunk of changes; the others follow it.</param>
    /// <param name="count">The number of changes.</param>
    /// <param name="bytes">The number of low bytes in which the times differ.</param>
    public void Load(TimerChunk<TKey>? first, int count, int bytes)
    {
        Fit(count);
        var copied = 0;
        for (var chunk = first; chunk != null; chunk = chunk.Next)
        {
            chunk.Changes.CopyTo(_changes.AsSpan(copied));
            copied += chunk.Count;
        }

        Sort(count, bytes);
        (_start, Count) = (0, 0);
        for (var index = 0; index < count; index++)
        {
            ref readonly var change = ref _changes[index];

            // The sort is stable, so that the last change of a timer comes last.
            var isLast = index + 1 == count || !TimerChange<TKey>.IsSame(in change, in _changes[index + 1]);
            if (isLast && !change.IsDeleted)
            {
                _timers[Count++] = new TimerEntry<TKey>(change.Time, change.Key);
            }
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<TKey>())
        {
            _changes.AsSpan(0, count).Clear();
            _merged.AsSpan(0, count).Clear();
        }
    }

    public void Apply(in TimerChange<TKey> change)
    {
        var timer = new TimerEntry<TKey>(change.Time, change.Key);
        var index = CountBefore(in timer);
        var exists = index < Count && TimerEntry<TKey>.Compare(in _timers[_start + index], in timer) == 0;
        if (change.IsDeleted && exists)
        {
            Count--;
            Array.Copy(_timers, _start + index + 1, _timers, _start + index, Count - index);
        }
        else if (!change.IsDeleted && !exists)
        {
            Insert(index, in timer);
        }
    }

    public void Clear()
    {
        Array.Clear(_timers);
        (_start, Count) = (0, 0);
    }

    private int CountBefore(in TimerEntry<TKey> timer)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (TimerEntry<TKey>.Compare(in _timers[_start + middle], in timer) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Insert(int index, in TimerEntry<TKey> timer)
    {
        if (_start + Count == _timers.Length)
        {
            if (Count == _timers.Length)
            {
                memory?.Add(Count * (long)Unsafe.SizeOf<TimerEntry<TKey>>(), 0);
                Array.Resize(ref _timers, Count * 2);
            }

            Array.Copy(_timers, _start, _timers, 0, Count);
            _start = 0;
        }

        if (_start > 0 && index < Count / 2)
        {
            _start--;
            Array.Copy(_timers, _start + 1, _timers, _start, index);
        }
        else
        {
            Array.Copy(_timers, _start + index, _timers, _start + index + 1, Count - index);
        }

        _timers[_start + index] = timer;
        Count++;
    }

    // The run is empty, so that nothing is copied.
    private void Fit(int count)
    {
        if (count <= _changes.Length && (_changes.Length <= MaxKept || count > MaxKept))
        {
            return;
        }

        var capacity = count <= _changes.Length ? MinCapacity : 2 * _changes.Length;
        capacity = Math.Max(count, capacity);
        memory?.Add(
            (capacity - _timers.Length) * (long)Unsafe.SizeOf<TimerEntry<TKey>>()
                + 2L * (capacity - _changes.Length) * Unsafe.SizeOf<TimerChange<TKey>>(),
            0);
        (_timers, _changes, _merged) =
            (new TimerEntry<TKey>[capacity], new TimerChange<TKey>[capacity], new TimerChange<TKey>[capacity]);
    }

    private void Sort(int count, int bytes)
    {
        if (count < MinForDigits * bytes)
        {
            MergeSort(0, count);
            return;
        }

        for (var pass = 0; pass < bytes; pass++)
        {
            SortByDigit(count, pass * 8);
        }

        SortKeys(count);
    }

    // A pass of a radix sort from the lowest digit: stable, and without comparisons.
    private void SortByDigit(int count, int shift)
    {
        Span<int> places = stackalloc int[Digits];
        places.Clear();
        var changes = _changes.AsSpan(0, count);
        foreach (ref readonly var change in changes)
        {
            places[change.Digit(shift)]++;
        }

        var place = 0;
        foreach (ref var digit in places)
        {
            (digit, place) = (place, place + digit);
        }

        var sorted = _merged.AsSpan(0, count);
        foreach (ref readonly var change in changes)
        {
            sorted[places[change.Digit(shift)]++] = change;
        }

        (_changes, _merged) = (_merged, _changes);
    }

    // Timers are sorted by time: those of one time are sorted by key, unless they were set in that order.
    private void SortKeys(int count)
    {
        for (var start = 0; start < count;)
        {
            var end = start + 1;
            var isSorted = true;
            for (; end < count && _changes[end].Time == _changes[start].Time; end++)
            {
                isSorted &= TKey.Compare(_changes[end - 1].Key, _changes[end].Key) <= 0;
            }

            if (!isSorted)
            {
                MergeSort(start, end);
            }

            start = end;
        }
    }

    // A merge sort from the bottom up: stable, and without calls through delegates.
    private void MergeSort(int start, int end)
    {
        var (changes, merged) = (_changes, _merged);
        for (var width = 1; width < end - start; width *= 2)
        {
            for (var from = start; from < end; from += 2 * width)
            {
                Merge(changes, from, Math.Min(from + width, end), Math.Min(from + 2 * width, end), merged);
            }

            (changes, merged) = (merged, changes);
        }

        if (changes != _changes)
        {
            changes.AsSpan(start, end - start).CopyTo(_changes.AsSpan(start));
        }
    }

    // The order is random, so a branch would be mispredicted half of the time: the next change is chosen by arithmetic.
    private static void Merge(
        ReadOnlySpan<TimerChange<TKey>> changes, int left, int middle, int end, Span<TimerChange<TKey>> merged)
    {
        var right = middle;
        var next = left;
        while (left < middle && right < end)
        {
            var takesRight = TimerChange<TKey>.ComesBefore(in changes[right], in changes[left]) ? 1 : 0;
            merged[next++] = changes[left + ((right - left) & -takesRight)];
            right += takesRight;
            left += 1 - takesRight;
        }

        changes[left..middle].CopyTo(merged[next..]);
        changes[right..end].CopyTo(merged[(next + middle - left)..]);
    }
}
