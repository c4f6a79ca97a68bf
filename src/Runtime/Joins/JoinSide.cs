using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Penstock.Generator.Schemas;
using Penstock.State;
using Penstock.Streams;
using Penstock.Timers;

namespace Penstock.Joins;

/// <summary>The rows of one side of a join, each until no row of the other side can meet it any more.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TRow">The row type.</typeparam>
/// <typeparam name="TRowCodec">The codec of rows in memory.</typeparam>
/// <typeparam name="TStateCodec">The codec of rows in checkpoints.</typeparam>
internal sealed partial class JoinSide<TKey, TRow, TRowCodec, TStateCodec> : IStatePart
    where TKey : struct, IKey<TKey>
    where TRowCodec : struct, IRowCodec<TRow>
    where TStateCodec : struct, IStateCodec<KeptRow<TRow>>
{
    private readonly string _id;
    private readonly KeyRange _range;
    private readonly JoinKeys<TKey> _keys;
    private readonly bool _isLeft;
    private readonly JoinMode _mode;
    private readonly Func<TRow, TKey> _keyOf;
    private readonly StateMemory _memory;
    private readonly RowStore<JoinRow<TRow>, JoinRowCodec<TRow, TRowCodec>> _rows;

    // A key has a timer for the first of its rows that expires.
    private readonly TimerHeap<TKey> _timers;

    // The earliest time at which rows of the other side meet a row, and the latest: counted from its own time.
    private readonly long _from;
    private readonly long _to;

    // How long a row is kept, counted from its time.
    private readonly long _kept;

    /// <summary>Creates a side without rows.</summary>
    /// <param name="owner">The subtask that owns the state.</param>
    /// <param name="id">The id of the operator.</param>
    /// <param name="suffix">The suffix of this part of its state.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="isLeft">Whether it is the left side.</param>
    /// <param name="mode">What the join does beside emitting a result for each pair.</param>
    /// <param name="keyOf">Returns the key of a row. Called only when rows are restored.</param>
    /// <param name="from">The earliest time of a row of the other side that meets a row, counted from its time, in microseconds.</param>
    /// <param name="to">The latest such time.</param>
    public JoinSide(
        IStateOwner owner,
        string id,
        StateSuffix suffix,
        JoinKeys<TKey> keys,
        bool isLeft,
        JoinMode mode,
        Func<TRow, TKey> keyOf,
        long from,
        long to)
    {
        (_id, _range, _keys, _isLeft, _mode, _keyOf) = ($"{id}{suffix}", owner.KeyRange, keys, isLeft, mode, keyOf);
        _memory = owner.Memory(id, $"{suffix}", countsKeys: false);
        _rows = new RowStore<JoinRow<TRow>, JoinRowCodec<TRow, TRowCodec>>(_memory);
        _timers = new TimerHeap<TKey>(_memory);
        (_from, _to) = (from, to);

        // A result must not have a time that has passed, even if all rows that could have met a row were there before it.
        _kept = Math.Max(0, to);
    }

    /// <summary>Indicates whether the watermark has passed rows that are left.</summary>
    public bool IsDue => _timers.TryPeek(_keys.Watermark, out _);

    /// <summary>Returns the rows of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "It depends on the side.")]
    public ref JoinList ListOf(ref JoinKey key) => ref Unsafe.Add(ref key.Left, _isLeft ? 0 : 1);

    /// <summary>Finds the rows of a key of the other side that meet a row of this one.</summary>
    /// <param name="others">The rows of the other side.</param>
    /// <param name="time">The time of the row.</param>
    /// <param name="from">The index of the first row.</param>
    /// <returns>The index after the last row.</returns>
    public int FindPartners(ReadOnlySpan<JoinEntry> others, long time, out int from)
    {
        from = JoinBlocks.CountBefore(others, time + _from);
        var last = others.Length;
        return last > from && others[last - 1].Time > time + _to
            ? from + JoinBlocks.CountBefore(others[from..], time + _to + 1)
            : last;
    }

    /// <summary>Indicates whether rows that have not come yet may meet a row.</summary>
    public bool CanMeetMore(long time) => time + _to >= _keys.Watermark;

    /// <summary>Adds a row.</summary>
    /// <param name="list">The list of its key on this side.</param>
    /// <param name="key">Its key.</param>
    /// <param name="row">The row.</param>
    /// <param name="time">Its event time. It must not be late.</param>
    /// <param name="isMatched">Whether a row of the other side has met it.</param>
    public void Add(ref JoinList list, TKey key, in TRow row, long time, bool isMatched)
    {
        var position = _rows.Add(new JoinRow<TRow>(in row, time, isMatched));
        var end = EndOf(time);
        if (list.Count == 0 || end < list.Timer)
        {
            list.Timer = end;
            _timers.Set(end, key);
        }

        _keys.Blocks.Add(ref list, new JoinEntry(time, position, isMatched));
        _added++;
    }

    /// <summary>Reads a row.</summary>
    public TRow Read(RowPosition position) => _rows.Read(position).Row;

    /// <summary>Records that a row of the other side has met a row.</summary>
    public void SetMatched(ref JoinEntry entry)
    {
        entry.SetMatched();
        var position = entry.Position;
        JoinRowCodec<TRow, TRowCodec>.SetMatched(_rows.Change(position));
        if (position.Value < _saved.Value)
        {
            (_matched ??= new ImageLog<long>(_memory)).Append(position.Value);
        }
    }

    /// <summary>
    /// Removes rows that the watermark has passed, so that nothing can meet them any more, up to one that has met no row.
    /// </summary>
    /// <param name="row">That row.</param>
    /// <param name="time">The time at which that is known: the event time of a result.</param>
    /// <returns><c>false</c> if there is none, and all such rows are removed.</returns>
    public bool TryTakeUnmatched(out TRow row, out long time)
    {
        while (TryPeek(out var key, out var hash, out var timer))
        {
            ref var found = ref _keys.Find(key, hash);
            ref var list = ref ListOf(ref found);
            var first = _keys.Blocks.EntriesOf(in list)[0];
            if (EndOf(first.Time) > timer.Time)
            {
                SetNext(ref list, key);
                continue;
            }

            _keys.Blocks.RemoveFirst(ref list);
            if (list.Count == 0)
            {
                _timers.Take();
                _keys.RemoveIfEmpty(key, hash, in found);
            }

            if (!first.IsMatched)
            {
                row = _rows.Take(first.Position).Row;
                time = timer.Time;
                return true;
            }

            _rows.Remove(first.Position);
        }

        (row, time) = (default!, 0);
        return false;
    }

    /// <summary>Removes the rows that the watermark has passed, so that nothing can meet them any more.</summary>
    public void RemovePassed()
    {
        while (TryPeek(out var key, out var hash, out var timer))
        {
            ref var found = ref _keys.Find(key, hash);
            ref var list = ref ListOf(ref found);
            do
            {
                _rows.Remove(_keys.Blocks.EntriesOf(in list)[0].Position);
                _keys.Blocks.RemoveFirst(ref list);
            }
            while (list.Count > 0 && EndOf(_keys.Blocks.EntriesOf(in list)[0].Time) < _keys.Watermark);

            if (list.Count > 0)
            {
                SetNext(ref list, key);
            }
            else
            {
                _timers.Take();
                _keys.RemoveIfEmpty(key, hash, in found);
            }
        }
    }

    private long EndOf(long time) => Math.Min(time + _kept, EventTimes.LatestExclusive - 1);

    // Replaces the timer of a key that is the next one.
    private void SetNext(ref JoinList list, TKey key)
    {
        _timers.Take();
        list.Timer = EndOf(_keys.Blocks.EntriesOf(in list)[0].Time);
        _timers.Set(list.Timer, key);
    }

    // Finds the key whose first row expires next. A timer is left over if an earlier row came after it was set.
    private bool TryPeek(out TKey key, out ulong hash, out TimerEntry<TKey> timer)
    {
        while (_timers.TryPeek(_keys.Watermark, out timer))
        {
            key = timer.Key;
            hash = _keys.HashOf(key);
            ref var found = ref _keys.Find(key, hash);
            if (!Unsafe.IsNullRef(ref found) && ListOf(ref found) is { Count: > 0 } list && list.Timer == timer.Time)
            {
                return true;
            }

            _timers.Take();
        }

        (key, hash) = (default, 0);
        return false;
    }
}
