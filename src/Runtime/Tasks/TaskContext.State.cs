using Penstock.Generator.Schemas;
using Penstock.Joins;
using Penstock.Sorting;
using Penstock.State;
using Penstock.Streams;
using Penstock.Timers;
using Penstock.Windows;

namespace Penstock.Tasks;

/// <content>The state of its operators.</content>
public sealed partial class TaskContext
{
    /// <summary>Creates the state of a keyed operator.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">The codec of the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="clock">The clock by which state expires, or null if it does not expire.</param>
    /// <returns>The table.</returns>
    public KeyedTable<TKey, TState, TStateCodec> Table<TKey, TState, TStateCodec>(string id, StateClock? clock = null)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var table = new KeyedTable<TKey, TState, TStateCodec>(id, KeyRange, Memory(id, ""), Secret(id), clock);
        _owner.Register(table);
        return table;
    }

    /// <summary>Creates the event-time timers of an operator.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <returns>The timers.</returns>
    public TimerTable<TKey> Timers<TKey>(string id)
        where TKey : struct, IKey<TKey>
    {
        var timers = new TimerTable<TKey>(id, KeyRange, Secret(id), Memory(id, $"{StateSuffix.Timers}", countsKeys: false));
        _owner.Register((IStatePart)timers);
        _owner.Register((IDueState)timers);
        return timers;
    }

    /// <summary>Creates the table of an operator that sorts rows by event time.</summary>
    /// <typeparam name="TKey">The key by which rows are partitioned.</typeparam>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <typeparam name="TRowCodec">The codec of rows in memory.</typeparam>
    /// <typeparam name="TStateCodec">The codec of rows in checkpoints.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <returns>The table.</returns>
    public SortTable<TKey, TRow, TRowCodec, TStateCodec> Sorted<TKey, TRow, TRowCodec, TStateCodec>(string id)
        where TKey : struct, IRowKey<TKey, TRow>
        where TRowCodec : struct, IRowCodec<TRow>
        where TStateCodec : struct, IStateCodec<KeptRow<TRow>>
    {
        var sorted = new SortTable<TKey, TRow, TRowCodec, TStateCodec>(
            id,
            KeyRange,
            _owner.Counters,
            Memory(id, ""),
            Memory(id, "order", countsKeys: false));
        _owner.Register((IStatePart)sorted);
        _owner.Register((IDueState)sorted);
        return sorted;
    }

    /// <summary>Creates the table of an operator that joins two inputs by key and time.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TLeft">The rows of the left side.</typeparam>
    /// <typeparam name="TLeftCodec">Their codec in memory.</typeparam>
    /// <typeparam name="TLeftState">Their codec in checkpoints.</typeparam>
    /// <typeparam name="TRight">The rows of the right side.</typeparam>
    /// <typeparam name="TRightCodec">Their codec in memory.</typeparam>
    /// <typeparam name="TRightState">Their codec in checkpoints.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="lowerMicros">The least that the time of a right row may be after that of a left one, in microseconds.</param>
    /// <param name="upperMicros">The most that it may be after it, in microseconds.</param>
    /// <param name="mode">What it does beside emitting a result for each pair of rows.</param>
    /// <param name="leftKey">Returns the key of a left row. Called only for rows that are restored.</param>
    /// <param name="rightKey">Returns the key of a right row. Called only for rows that are restored.</param>
    /// <returns>The table.</returns>
    public JoinTable<TKey, TLeft, TLeftCodec, TLeftState, TRight, TRightCodec, TRightState>
        Join<TKey, TLeft, TLeftCodec, TLeftState, TRight, TRightCodec, TRightState>(
            string id,
            long lowerMicros,
            long upperMicros,
            JoinMode mode,
            Func<TLeft, TKey> leftKey,
            Func<TRight, TKey> rightKey)
        where TKey : struct, IKey<TKey>
        where TLeftCodec : struct, IRowCodec<TLeft>
        where TLeftState : struct, IStateCodec<KeptRow<TLeft>>
        where TRightCodec : struct, IRowCodec<TRight>
        where TRightState : struct, IStateCodec<KeptRow<TRight>>
    {
        var joined = new JoinTable<TKey, TLeft, TLeftCodec, TLeftState, TRight, TRightCodec, TRightState>(
            this,
            id,
            _owner.Counters,
            lowerMicros,
            upperMicros,
            mode,
            leftKey,
            rightKey);
        _owner.Register(joined);
        return joined;
    }

    /// <summary>Creates the windows of a tumbling-window operator.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">The codec of the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="sizeMicros">The length of a window, in microseconds.</param>
    /// <param name="offsetMicros">The offset of the window boundaries, in microseconds.</param>
    /// <param name="latenessMicros">The allowed lateness, in microseconds.</param>
    /// <returns>The windows.</returns>
    public WindowTable<TKey, TState, TStateCodec> Windows<TKey, TState, TStateCodec>(
        string id,
        long sizeMicros,
        long offsetMicros,
        long latenessMicros)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var windows = new WindowTable<TKey, TState, TStateCodec>(
            id,
            KeyRange,
            _owner.Counters,
            Memory(id, ""),
            Secret(id),
            sizeMicros,
            offsetMicros,
            latenessMicros);
        _owner.Register((IStatePart)windows);
        _owner.Register((IDueState)windows);
        return windows;
    }

    /// <summary>Creates the slices of an operator with windows that overlap.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">The codec of the state.</typeparam>
    /// <typeparam name="TMerger">Merges the states of two slices.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="form">How the windows overlap.</param>
    /// <param name="sizeMicros">The length of the longest window, in microseconds: a multiple of the step.</param>
    /// <param name="stepMicros">The distance between the ends of two windows, in microseconds.</param>
    /// <param name="offsetMicros">The offset of the window boundaries, in microseconds.</param>
    /// <param name="latenessMicros">The allowed lateness, in microseconds.</param>
    /// <param name="merger">Merges the states of two slices.</param>
    /// <returns>The slices.</returns>
    public SliceTable<TKey, TState, TStateCodec, TMerger> Slices<TKey, TState, TStateCodec, TMerger>(
        string id,
        WindowForm form,
        long sizeMicros,
        long stepMicros,
        long offsetMicros,
        long latenessMicros,
        TMerger merger)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
        where TMerger : struct, IStateMerger<TState>
    {
        var slices = new SliceTable<TKey, TState, TStateCodec, TMerger>(
            id,
            KeyRange,
            _owner.Counters,
            Memory(id, ""),
            Memory(id, "aggregates", countsKeys: false),
            Secret(id),
            form,
            sizeMicros,
            stepMicros,
            offsetMicros,
            latenessMicros,
            merger);
        _owner.Register((IStatePart)slices);
        _owner.Register((IDueState)slices);
        return slices;
    }

    /// <summary>Creates the sessions of an operator.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">The codec of the state.</typeparam>
    /// <typeparam name="TMerger">Merges the states of two sessions.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="gapMicros">The time without rows after which a session ends, in microseconds.</param>
    /// <param name="latenessMicros">The allowed lateness, in microseconds.</param>
    /// <param name="merger">Merges the states of two sessions.</param>
    /// <returns>The sessions.</returns>
    public SessionTable<TKey, TState, TStateCodec, TMerger> Sessions<TKey, TState, TStateCodec, TMerger>(
        string id,
        long gapMicros,
        long latenessMicros,
        TMerger merger)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
        where TMerger : struct, IStateMerger<TState>
    {
        var sessions = new SessionTable<TKey, TState, TStateCodec, TMerger>(
            id,
            KeyRange,
            _owner.Counters,
            Memory(id, ""),
            Memory(id, "sessions", countsKeys: false),
            Secret(id),
            gapMicros,
            latenessMicros,
            merger);
        _owner.Register((IStatePart)sessions);
        _owner.Register((IDueState)sessions);
        return sessions;
    }

    /// <summary>Creates the state of a window operator that is per key, over all windows.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">The codec of the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="clock">The clock by which state expires, or null if it does not expire.</param>
    /// <returns>The table.</returns>
    public KeyedTable<TKey, TState, TStateCodec> KeyTable<TKey, TState, TStateCodec>(string id, StateClock? clock = null)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var table = new KeyedTable<TKey, TState, TStateCodec>(
            id + StateSuffix.Key,
            KeyRange,
            Memory(id, $"{StateSuffix.Key}"),
            Secret(id),
            clock);
        _owner.Register(table);
        return table;
    }

    /// <summary>Creates the scope of a keyed operator with collection states.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="clock">The clock by which state expires, or null if it does not expire.</param>
    /// <returns>The scope.</returns>
    public KeyScope<TKey> Scope<TKey>(string id, StateClock? clock = null)
        where TKey : struct, IKey<TKey> => new(this, id, null, clock);

    /// <summary>Creates the scope of a window operator with collection states.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">The codec of the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="windows">The windows of the operator.</param>
    /// <param name="clock">The clock by which state expires, or null if it does not expire.</param>
    /// <returns>The scope.</returns>
    public KeyScope<TKey> Scope<TKey, TState, TStateCodec>(
        string id,
        WindowTable<TKey, TState, TStateCodec> windows,
        StateClock? clock = null)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState> => new(this, id, windows, clock);

    /// <summary>Creates the clock by which the state of an operator expires.</summary>
    /// <param name="id">The id of the operator.</param>
    /// <param name="gridMicros">The steps of the watermark in microseconds, or 0 if the rows have no event time.</param>
    /// <returns>The clock.</returns>
    public StateClock Clock(string id, long gridMicros)
    {
        var clock = new StateClock(id, Time, gridMicros);
        _owner.Register(clock);
        return clock;
    }

    KeyRange IStateOwner.KeyRange => KeyRange;

    TableSecret IStateOwner.Secret(string id) => Secret(id);

    StateMemory IStateOwner.Memory(string id, string part, bool countsKeys) => Memory(id, part, countsKeys);

    void IStateOwner.Register(IStatePart part) => _owner.Register(part);

    internal TableSecret Secret(string id) => _graph.Secret.Of(id);

    internal StateMemory Memory(string id, string part, bool countsKeys = true) => _graph.State.For(id, part, countsKeys);
}
