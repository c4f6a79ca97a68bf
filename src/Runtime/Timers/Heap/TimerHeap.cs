using System.Numerics;
using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Timers;

/// <summary>
/// Timers by time, for a time that only advances: a radix heap (Ahuja, Mehlhorn, Orlin, Tarjan: "Faster algorithms for the shortest path
/// problem", 1990). Timers lie in buckets by the highest byte in which their time differs from the time that has been reached. When that
/// time enters a bucket, its timers are distributed to buckets of the bytes below, or sorted if there are few. So setting a timer appends
/// it to a bucket, and it is moved a few times until it fires.
/// </summary>
/// <remarks>
/// A deletion in a bucket is appended, too; it takes effect when the bucket is compacted or sorted. Buckets in which many timers were
/// deleted, or set several times, are compacted earlier. Not safe for several threads, except for the frozen versions that it makes. Once
/// warm, nothing allocates.
/// </remarks>
internal sealed partial class TimerHeap<TKey>
    where TKey : struct, IKey<TKey>
{
    private const int LevelBits = 8;
    private const int Digits = 1 << LevelBits;
    private const int Levels = 64 / LevelBits;
    private const int WordBits = 64;

    // Fewer timers are sorted instead of distributed.
    private const int MaxSorted = 1_024;

    // A level is allocated when it is first used.
    private readonly TimerBucket<TKey>[]?[] _levels = new TimerBucket<TKey>[]?[Levels];
    private readonly ulong[] _filled = new ulong[Levels * Digits / WordBits];
    private readonly TimerRun<TKey> _run;
    private readonly TimerChunkPool<TKey> _chunks;
    private readonly TimerCompaction<TKey>? _compaction;
    private readonly StateMemory? _memory;

    // A place is a time counted from the earliest one. Buckets are relative to this place, and no timer has a smaller place.
    private ulong _start;

    // Timers up to here are in _run; the others are in buckets.
    private ulong _runEnd;

    // No timer has a smaller place. It may be lower than that of the first one.
    private ulong _bound = ulong.MaxValue;

    // The number of changes in buckets.
    private long _count;

    /// <summary>Creates a heap without timers.</summary>
    /// <param name="secret">The secret of the operator's tables.</param>
    /// <param name="memory">The memory account, or null for none.</param>
    public TimerHeap(TableSecret secret, StateMemory? memory = null)
        : this(memory) => _compaction = new TimerCompaction<TKey>(secret);

    /// <summary>
    /// Creates a heap without timers, each of which is set once and never deleted. Nothing is compacted then, and changes are not logged:
    /// each frozen version has all timers.
    /// </summary>
    /// <param name="memory">The memory account, or null for none.</param>
    public TimerHeap(StateMemory? memory)
    {
        _memory = memory;
        _run = new TimerRun<TKey>(memory);
        _freeze = new TimerFreeze<TKey>(memory);
        _chunks = new TimerChunkPool<TKey>(memory);
    }

    /// <summary>The number of timers, or more: timers that were deleted or set several times may count, too.</summary>
    public long MaxCount => _count + _run.Count;

    /// <summary>Sets a timer. If it is set already, this changes nothing.</summary>
    public void Set(long time, TKey key) => Change(new TimerChange<TKey>(time, key, isDeleted: false));

    /// <summary>Deletes a timer. If it is not set, this changes nothing.</summary>
    public void Delete(long time, TKey key)
    {
        if (PlaceOf(time) >= _bound)
        {
            Change(new TimerChange<TKey>(time, key, isDeleted: true));
        }
    }

    /// <summary>Returns the first timer if its time comes before a limit.</summary>
    /// <returns><c>false</c> if there is none.</returns>
    public bool TryPeek(long limit, out TimerEntry<TKey> first)
    {
        first = default;
        var end = limit < EventTimes.Earliest ? 0 : PlaceOf(limit);
        if (end <= _bound)
        {
            return false;
        }

        while (_run.IsEmpty)
        {
            if (!TryFindBucket(out var index, out var start) || start >= end)
            {
                _bound = start;
                return false;
            }

            Open(index, start);
        }

        first = _run.First;
        _bound = PlaceOf(first.Time);
        return _bound < end;
    }

    /// <summary>Takes the timer that <see cref="TryPeek"/> has returned.</summary>
    public void Take() => _run.Take();

    /// <summary>Removes all timers.</summary>
    public void Clear()
    {
        for (var index = 0; index < Levels * Digits; index++)
        {
            for (var chunk = TakeAll(index); chunk != null;)
            {
                chunk = Release(chunk);
            }
        }

        _run.Clear();
        (_start, _runEnd, _bound) = (0, 0, ulong.MaxValue);
        LoseLog();
    }

    private static ulong PlaceOf(long time) => (ulong)time - unchecked((ulong)EventTimes.Earliest);

    private static long TimeOf(ulong place) => (long)(place + unchecked((ulong)EventTimes.Earliest));

    private void Change(in TimerChange<TKey> change)
    {
        Log(in change);
        Apply(in change);
    }

    private void Apply(in TimerChange<TKey> change)
    {
        var place = PlaceOf(change.Time);
        if (!change.IsDeleted)
        {
            _bound = Math.Min(_bound, place);
        }

        if (place < _start)
        {
            StartAgain();
        }

        if (place >= _runEnd)
        {
            Append(in change, place);
            return;
        }

        _run.Apply(in change);
        if (_run.Count > 2 * MaxSorted && _runEnd - _start > 1)
        {
            Spread();
        }
    }

    private void Append(in TimerChange<TKey> change, ulong place)
    {
        var differs = place ^ _start;
        var level = differs == 0 ? 0 : BitOperations.Log2(differs) / LevelBits;
        var digit = (int)((place >> (level * LevelBits)) % Digits);
        var index = level * Digits + digit;
        ref var bucket = ref (_levels[level] ??= NewLevel())[digit];
        _filled[index / WordBits] |= 1UL << index;
        bucket.Append(in change, _chunks);
        _count++;
        if (_compaction is { } compaction && (bucket.HasDoubled || bucket.HasManyDeleted))
        {
            Compact(ref bucket, compaction);
        }
    }

    private void Compact(ref TimerBucket<TKey> bucket, TimerCompaction<TKey> compaction)
    {
        if (bucket.HasManyDeleted || compaction.IsWorthwhile(in bucket))
        {
            _count -= bucket.Count;
            compaction.Compact(ref bucket, _chunks);
            _count += bucket.Count;
        }

        bucket.SetNextCheck();
    }

    // Finds the bucket with the smallest places. If there is none, start is past every place.
    private bool TryFindBucket(out int index, out ulong start)
    {
        for (var word = 0; word < _filled.Length; word++)
        {
            if (_filled[word] == 0)
            {
                continue;
            }

            index = word * WordBits + BitOperations.TrailingZeroCount(_filled[word]);
            var shift = index / Digits * LevelBits;
            var above = shift + LevelBits == 64 ? 0 : _start >> (shift + LevelBits) << (shift + LevelBits);
            start = above | ((ulong)(index % Digits) << shift);
            return true;
        }

        (index, start) = (-1, ulong.MaxValue);
        return false;
    }

    private void Open(int index, ulong start)
    {
        var level = index / Digits;
        var count = _levels[level]![index % Digits].Count;
        var chunk = TakeAll(index);
        _start = start;
        if (level == 0 || count <= MaxSorted)
        {
            _run.Load(chunk, count, level);
            _runEnd = start + (1UL << (level * LevelBits));
            while (chunk != null)
            {
                chunk = Release(chunk);
            }

            return;
        }

        Distribute(chunk);
    }

    private void Distribute(TimerChunk<TKey>? chunk)
    {
        while (chunk != null)
        {
            foreach (ref readonly var change in chunk.Changes)
            {
                Append(in change, PlaceOf(change.Time));
            }

            chunk = Release(chunk);
        }
    }

    // The run is too long for insertions: its timers go to buckets, which are smaller now.
    private void Spread()
    {
        _runEnd = 0;
        while (!_run.IsEmpty)
        {
            var timer = _run.Take();
            Append(new TimerChange<TKey>(timer.Time, timer.Key, isDeleted: false), PlaceOf(timer.Time));
        }

        // The buckets may begin before timers that have fired, and so they no longer tell which those are.
        LoseLog();
    }

    // Time has been set back, as by a restart after a drain. This is rare, and costs a move of each timer.
    private void StartAgain()
    {
        TimerChunk<TKey>? all = null;
        for (var index = Levels * Digits - 1; index >= 0; index--)
        {
            if (TakeAll(index) is { } first)
            {
                var last = first;
                while (last.Next != null)
                {
                    last = last.Next;
                }

                (last.Next, all) = (all, first);
            }
        }

        _start = 0;
        Spread();
        Distribute(all);
    }

    private TimerBucket<TKey>[] NewLevel()
    {
        _memory?.Add(Digits * (long)Unsafe.SizeOf<TimerBucket<TKey>>(), 0);
        return new TimerBucket<TKey>[Digits];
    }

    private TimerChunk<TKey>? TakeAll(int index)
    {
        _filled[index / WordBits] &= ~(1UL << index);
        if (_levels[index / Digits] is not { } level)
        {
            return null;
        }

        ref var bucket = ref level[index % Digits];
        _count -= bucket.Count;
        return bucket.TakeAll();
    }

    private TimerChunk<TKey>? Release(TimerChunk<TKey> chunk)
    {
        var next = chunk.Next;
        _chunks.Return(chunk);
        return next;
    }
}
