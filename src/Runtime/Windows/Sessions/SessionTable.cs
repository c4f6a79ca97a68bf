using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Time;
using Penstock.Timers;

namespace Penstock.Windows;

/// <summary>
/// The sessions of an operator. A row covers the time from its own up to the gap; sessions of a key that overlap are one. Most keys have
/// one session, so the newest one of each key is the entry of the key in a table: a row of it needs one lookup. The others are in a second
/// table, by key and start, and their bounds in a <see cref="SessionRun"/> for each key.
/// </summary>
/// <remarks>
/// A session is closed for a row if its allowed lateness has passed by the watermark of the row's split, even if other splits still hold it
/// back here. The row then opens another session beside it, so the progress of other splits does not matter. Sessions of a key differ in
/// their starts and in their ends, in the same order. No session is shorter than the gap, so a row joins two at most: the last one that
/// starts before it and the first one that starts after it, which is never closed for it.
/// <para>
/// A key has one timer, for the time at which a session of it is due first: to fire, or to be removed when its allowed lateness has passed.
/// Rows that move the end of a session do not touch the timer. When it comes, it is set again for the new end. A timer that is set earlier,
/// because a row opens an older session, leaves the previous one behind, which is then ignored.
/// </para>
/// </remarks>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">The codec of the state.</typeparam>
/// <typeparam name="TMerger">Merges the states of two sessions.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class SessionTable<TKey, TState, TStateCodec, TMerger> : IStatePart, IDueState
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
    where TMerger : struct, IStateMerger<TState>
{
    private readonly string _id;
    private readonly KeyRange _range;
    private readonly SubtaskCounters _counters;
    private readonly StateMemory _memory;
    private readonly TableSecret _secret;
    private readonly long _gap;
    private readonly long _lateness;
    private readonly TMerger _merger;
    private readonly KeyedTable<TKey, Session<TState>> _newest;
    private readonly KeyedTable<OwnedKey<TKey, SessionStart>, Session<TState>> _older;
    private readonly SessionRuns<TKey> _runs;
    private readonly TimerHeap<TKey> _timers;
    private long _watermark = Watermarks.None;

    // The time up to which sessions were closed before a restart. They stay closed if the allowed lateness is longer now.
    private long _closed = Watermarks.None;

    // The watermark that closes sessions: the combined one or, after a restart, the one that keeps closed sessions closed.
    private long _closing = Watermarks.None;

    // The watermark that a checkpoint saves. It excludes the end of input: that closes only the sessions that are open, since more rows may
    // come when the job resumes with more input.
    private long _reached = Watermarks.None;

    // The state of the session that fires: a copy if the session is gone from the tables; otherwise it is found by its place.
    private TState _removed;
    private SessionPlace? _firing;

    internal SessionTable(
        string id,
        KeyRange range,
        SubtaskCounters counters,
        StateMemory memory,
        StateMemory ownMemory,
        TableSecret secret,
        long gapMicros,
        long latenessMicros,
        TMerger merger)
    {
        _id = id;
        _range = range;
        _counters = counters;
        _memory = memory;
        _secret = secret;
        _gap = gapMicros;
        _lateness = latenessMicros;
        _merger = merger;
        Detach<Session<TState>>? detach = TStateCodec.HasSharedParts ? SessionCodec<TState, TStateCodec>.Detach : null;
        _newest = new KeyedTable<TKey, Session<TState>>(detach, memory, secret);
        _older = new KeyedTable<OwnedKey<TKey, SessionStart>, Session<TState>>(detach, memory, secret);
        _runs = new SessionRuns<TKey>(ownMemory, secret);
        _timers = new TimerHeap<TKey>(secret, ownMemory);
    }

    /// <summary>The secret in the hashes of keys.</summary>
    public ulong Secret => _secret.Value;

    bool IDueState.IsDue => _timers.TryPeek(_watermark, out _);

    // A session that fires is marked, or gone from the tables, before it fires.
    bool IDueState.CanBeSaved => true;

    /// <summary>The state of the session that <see cref="TryTakeDue"/> or <see cref="TryTakeDeleted"/> has returned.</summary>
    public ref TState State
    {
        get
        {
            if (_firing is { } place)
            {
                return ref StateAt(place);
            }

            return ref _removed;
        }
    }

    /// <summary>Determines whether a row is late: even if it opened a session of its own, that would be over.</summary>
    /// <param name="time">The event time of the row.</param>
    /// <param name="splitWatermark">The watermark of the row's split before this row.</param>
    /// <returns><c>true</c> if it is late, which is then counted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLate(long time, long splitWatermark)
    {
        if (!IsClosed(time + _gap, splitWatermark))
        {
            return false;
        }

        _counters.Late++;
        return true;
    }

    /// <summary>Returns the state of the session of a row. A new session is opened, or sessions are merged, if necessary.</summary>
    /// <param name="key">The key of the row.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="time">The event time of the row, which must not be late.</param>
    /// <param name="splitWatermark">The watermark of the row's split before this row.</param>
    /// <returns>A reference that is valid until the next call.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TState GetOrOpen(TKey key, ulong hash, long time, long splitWatermark)
    {
        ref var newest = ref _newest.GetOrAdd(key, hash);
        if (time >= newest.Start
            && time < newest.End
            && (newest.Flags & SessionFlags.HasFired) == 0
            && !IsClosed(newest.End, splitWatermark))
        {
            newest.End = Math.Max(newest.End, time + _gap);
            return ref newest.State;
        }

        return ref Open(ref newest, key, hash, time, splitWatermark);
    }

    /// <summary>Takes the next session, by end and key, whose end the watermark has reached. Its state is <see cref="State"/>.</summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="key">The key.</param>
    /// <param name="window">The bounds of the session.</param>
    /// <param name="kind">The row kind of its result.</param>
    /// <returns><c>false</c> if no session is due.</returns>
    public bool TryTakeDue(long watermark, out TKey key, out WindowBounds window, out RowKind kind)
    {
        Reach(watermark);
        while (_timers.TryPeek(_watermark, out var timer))
        {
            _timers.Take();
            key = timer.Key;
            if (TryTake(ref key, timer.Time + 1, out window, out kind))
            {
                return true;
            }
        }

        (key, window, kind) = (default, default, default);
        return false;
    }

    /// <summary>
    /// Returns the key of a session in the form that arrived first. All results of the sessions of a key show this form, so that consumers
    /// see one key.
    /// </summary>
    /// <param name="key">The key of a row whose session was returned, in any form.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <returns>An equal key.</returns>
    public TKey StoredKey(TKey key, ulong hash) => KeyForms<TKey>.CanDiffer ? _newest.FormOf(key, hash) : key;

    // The combined watermark matters only after idleness or new splits: otherwise it is never ahead of a split's.
    private bool IsClosed(long end, long splitWatermark) => end + _lateness <= Math.Max(splitWatermark, _closing);

    private void Reach(long watermark)
    {
        _watermark = Math.Max(_watermark, watermark);
        _closing = Math.Max(_closing, _watermark);
        if (Watermarks.IsInstant(watermark))
        {
            _reached = Math.Max(_reached, watermark);
        }
    }
}

/// <summary>The place of a session in the tables.</summary>
internal readonly record struct SessionPlace(long Start, bool IsNewest);
