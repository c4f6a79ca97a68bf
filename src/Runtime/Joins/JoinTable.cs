using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Generator.Schemas;
using Penstock.State;
using Penstock.Streams;

namespace Penstock.Joins;

/// <summary>
/// The rows of a join of two inputs by key and time. A row meets the rows of the other side that are there when it comes, and is kept for
/// those that come later. Nothing allocates once warm, except for the strings and objects of rows that are read.
/// </summary>
/// <remarks>
/// A row is processed by <see cref="EnterLeft"/> and calls of <see cref="NextRight"/> until that returns <c>false</c>; correspondingly for
/// the right side. A task that must stop in between calls the same methods again later: entering the row has no effect then.
/// </remarks>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TLeft">The rows of the left side.</typeparam>
/// <typeparam name="TLeftCodec">Their codec in memory.</typeparam>
/// <typeparam name="TLeftState">Their codec in checkpoints.</typeparam>
/// <typeparam name="TRight">The rows of the right side.</typeparam>
/// <typeparam name="TRightCodec">Their codec in memory.</typeparam>
/// <typeparam name="TRightState">Their codec in checkpoints.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class JoinTable<TKey, TLeft, TLeftCodec, TLeftState, TRight, TRightCodec, TRightState> : IDueState
    where TKey : struct, IKey<TKey>
    where TLeftCodec : struct, IRowCodec<TLeft>
    where TLeftState : struct, IStateCodec<KeptRow<TLeft>>
    where TRightCodec : struct, IRowCodec<TRight>
    where TRightState : struct, IStateCodec<KeptRow<TRight>>
{
    private readonly SubtaskCounters _counters;
    private readonly JoinKeys<TKey> _keys;
    private readonly JoinSide<TKey, TLeft, TLeftCodec, TLeftState> _left;
    private readonly JoinSide<TKey, TRight, TRightCodec, TRightState> _right;
    private readonly JoinMode _mode;

    // The row that has been entered, and the list of the rows that it meets: it does not change until it has met them.
    private bool _isEntered;
    private long _time;
    private JoinList _partners;
    private int _next;
    private int _end;

    internal JoinTable(
        IStateOwner owner,
        string id,
        SubtaskCounters counters,
        long lower,
        long upper,
        JoinMode mode,
        Func<TLeft, TKey> leftKey,
        Func<TRight, TKey> rightKey)
    {
        (_counters, _mode) = (counters, mode);
        _keys = new JoinKeys<TKey>(owner.Memory(id, ""), owner.Memory(id, "lists", countsKeys: false), owner.Secret(id));
        _left = new(owner, id, StateSuffix.Left, _keys, isLeft: true, mode, leftKey, lower, upper);
        _right = new(owner, id, StateSuffix.Right, _keys, isLeft: false, mode, rightKey, -upper, -lower);
        owner.Register(_left);
        owner.Register(_right);
    }

    bool IDueState.IsDue => _left.IsDue || _right.IsDue;

    // Rows are removed in the order of their keys, so that the watermark alone does not tell which ones are left in the middle.
    bool IDueState.CanBeSaved => !_left.IsDue && !_right.IsDue;

    /// <summary>The secret in the hashes of keys.</summary>
    public ulong Secret => _keys.Secret;

    private bool IsOnce => (_mode & JoinMode.Once) != 0;

    /// <summary>Determines whether a row is late: rows that it could meet may be gone.</summary>
    /// <param name="time">The event time of the row.</param>
    /// <param name="splitWatermark">The watermark of the row's split before this row.</param>
    /// <returns><c>true</c> if it is late, which is then counted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLate(long time, long splitWatermark)
    {
        // The overall watermark matters only after idleness or new splits: otherwise it is never ahead of a split's.
        if (time >= splitWatermark && time >= _keys.Watermark)
        {
            return false;
        }

        _counters.Late++;
        return true;
    }

    /// <summary>Enters a row of the left side.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">Its event time. It must not be late.</param>
    /// <param name="key">Its key.</param>
    /// <param name="hash">The hash of the key with the <see cref="Secret"/>.</param>
    public void EnterLeft(in TLeft row, long time, TKey key, ulong hash)
    {
        if (_isEntered)
        {
            return;
        }

        ref var found = ref _keys.GetOrAdd(key, hash);
        var isMatched = FindPartners(_left, in found.Right, time);
        if (isMatched && (_mode & (JoinMode.NoPairs | JoinMode.Once)) != 0 && (_mode & JoinMode.UnmatchedRight) == 0)
        {
            // It has no result later, and right rows need not know that it was there.
            _keys.RemoveIfEmpty(key, hash, in found);
        }
        else if (_left.CanMeetMore(time) || !isMatched && (_mode & JoinMode.UnmatchedLeft) != 0)
        {
            _left.Add(ref found.Left, key, in row, time, isMatched);
        }
        else
        {
            _keys.RemoveIfEmpty(key, hash, in found);
        }

        if (IsOnce && isMatched)
        {
            // Its only result comes now.
            MarkRight();
            _end = _next + 1;
        }
    }

    /// <summary>Enters a row of the right side.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">Its event time. It must not be late.</param>
    /// <param name="key">Its key.</param>
    /// <param name="hash">The hash of the key with the <see cref="Secret"/>.</param>
    public void EnterRight(in TRight row, long time, TKey key, ulong hash)
    {
        if (_isEntered)
        {
            return;
        }

        ref var found = ref _keys.GetOrAdd(key, hash);
        var isMatched = FindPartners(_right, in found.Left, time);
        if (isMatched && (_mode & JoinMode.NoPairs) != 0 && (_mode & JoinMode.UnmatchedLeft) == 0)
        {
            _keys.RemoveIfEmpty(key, hash, in found);
        }
        else if (_right.CanMeetMore(time) || !isMatched && (_mode & JoinMode.UnmatchedRight) != 0)
        {
            _right.Add(ref found.Right, key, in row, time, isMatched);
        }
        else
        {
            _keys.RemoveIfEmpty(key, hash, in found);
        }
    }

    /// <summary>Reads the next row of the right side that the entered row of the left side meets.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">The event time of the result: the later one of both rows.</param>
    /// <returns><c>false</c> if there is none, which ends the entered row.</returns>
    public bool NextRight(out TRight row, out long time)
    {
        if (_next < _end)
        {
            ref var entry = ref _keys.Blocks.EntriesOf(in _partners)[_next++];
            if ((_mode & JoinMode.UnmatchedRight) != 0 && !entry.IsMatched)
            {
                _right.SetMatched(ref entry);
            }

            (row, time) = (_right.Read(entry.Position), Math.Max(_time, entry.Time));
            return true;
        }

        _isEntered = false;
        (row, time) = (default!, 0);
        return false;
    }

    /// <summary>Reads the next row of the left side that the entered row of the right side meets.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">The event time of the result: the later one of both rows.</param>
    /// <returns><c>false</c> if there is none, which ends the entered row.</returns>
    public bool NextLeft(out TLeft row, out long time)
    {
        while (_next < _end)
        {
            ref var entry = ref _keys.Blocks.EntriesOf(in _partners)[_next++];
            if (!entry.IsMatched)
            {
                if ((_mode & (JoinMode.UnmatchedLeft | JoinMode.Once)) != 0)
                {
                    _left.SetMatched(ref entry);
                }
            }
            else if (IsOnce)
            {
                continue;
            }

            (row, time) = (_left.Read(entry.Position), Math.Max(_time, entry.Time));
            return true;
        }

        _isEntered = false;
        (row, time) = (default!, 0);
        return false;
    }

    /// <summary>Ends the entered row of the left side: there are no results of it with the rows of the right side that it meets.</summary>
    public void MeetRight()
    {
        MarkRight();
        _isEntered = false;
    }

    /// <summary>Ends the entered row of the right side: there are no results of it with the rows of the left side that it meets.</summary>
    public void MeetLeft()
    {
        MarkLeft();
        _isEntered = false;
    }

    /// <summary>Records the watermark. Rows that it has passed are then removed, on each side.</summary>
    /// <param name="watermark">The watermark.</param>
    public void Reach(long watermark) => _keys.Reach(watermark);

    /// <summary>Removes rows of the left side that the watermark has passed, up to one that has met no row.</summary>
    /// <param name="row">That row.</param>
    /// <param name="time">The event time of its result.</param>
    /// <returns><c>false</c> if there is none, and all such rows are removed.</returns>
    public bool TryTakeLeft(out TLeft row, out long time) => _left.TryTakeUnmatched(out row, out time);

    /// <summary>Removes rows of the right side that the watermark has passed, up to one that has met no row.</summary>
    /// <param name="row">That row.</param>
    /// <param name="time">The event time of its result.</param>
    /// <returns><c>false</c> if there is none, and all such rows are removed.</returns>
    public bool TryTakeRight(out TRight row, out long time) => _right.TryTakeUnmatched(out row, out time);

    /// <summary>Removes rows of the left side that the watermark has passed.</summary>
    public void RemoveLeft() => _left.RemovePassed();

    /// <summary>Removes rows of the right side that the watermark has passed.</summary>
    public void RemoveRight() => _right.RemovePassed();

    // The entered row meets all of them, even if it has only one result.
    private void MarkRight()
    {
        if ((_mode & JoinMode.UnmatchedRight) != 0)
        {
            foreach (ref var entry in _keys.Blocks.EntriesOf(in _partners)[_next.._end])
            {
                if (!entry.IsMatched)
                {
                    _right.SetMatched(ref entry);
                }
            }
        }
    }

    private void MarkLeft()
    {
        if ((_mode & JoinMode.UnmatchedLeft) != 0)
        {
            foreach (ref var entry in _keys.Blocks.EntriesOf(in _partners)[_next.._end])
            {
                if (!entry.IsMatched)
                {
                    _left.SetMatched(ref entry);
                }
            }
        }
    }

    // Returns whether there are rows that the entered one meets.
    private bool FindPartners<TRow, TRowCodec, TState>(
        JoinSide<TKey, TRow, TRowCodec, TState> side,
        in JoinList others,
        long time)
        where TRowCodec : struct, IRowCodec<TRow>
        where TState : struct, IStateCodec<KeptRow<TRow>>
    {
        (_isEntered, _time, _partners) = (true, time, others);
        if (others.Count == 0)
        {
            _next = _end = 0;
            return false;
        }

        _end = side.FindPartners(_keys.Blocks.EntriesOf(in others), time, out _next);
        return _next < _end;
    }
}

/// <summary>What a join does beside emitting a result for each pair of rows.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum JoinMode
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A left row that has met no row is emitted when none can come any more.</summary>
    UnmatchedLeft = 1,

    /// <summary>A right row that has met no row is emitted when none can come any more.</summary>
    UnmatchedRight = 2,

    /// <summary>A left row has at most one result.</summary>
    Once = 4,

    /// <summary>Two rows that meet have no result.</summary>
    NoPairs = 8,
}
