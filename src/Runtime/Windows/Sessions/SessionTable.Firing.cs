using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Windows;

/// <content>Sessions that are due, and those that fire again because late rows have changed them.</content>
public sealed partial class SessionTable<TKey, TState, TStateCodec, TMerger>
{
    // A row makes the results of two sessions obsolete at most.
    private readonly (WindowBounds Window, TState State)[] _deleted = new (WindowBounds, TState)[2];
    private int _deletedCount;

    // The session of the row, if it fires again, and the row kind of its result.
    private (WindowBounds Window, RowKind Kind)? _late;

    // The key of the session that fires.
    private TKey _key;

    // The session whose allowed lateness has passed last, since the table was created: a chain of checkpoints begins with a full one.
    private (long Due, TKey Key)? _lastRemoved;

    /// <summary>Indicates whether the row whose session was returned last has changed results of sessions that had fired.</summary>
    public bool HasChanges => _deletedCount > 0 || _late != null;

    /// <summary>
    /// Takes the next result that the row has made obsolete: that of a session that starts earlier now, or was merged into another one. Its
    /// state, as it was before the row, is <see cref="State"/>.
    /// </summary>
    /// <param name="window">The former bounds of the session.</param>
    /// <returns><c>false</c> if there is none.</returns>
    public bool TryTakeDeleted(out WindowBounds window)
    {
        if (_deletedCount == 0)
        {
            window = default;
            return false;
        }

        ref var deleted = ref _deleted[--_deletedCount];
        (window, _removed) = deleted;
        _firing = null;
        deleted = default;
        return true;
    }

    /// <summary>Takes the session of the row if it fires again: its end has passed.</summary>
    /// <param name="window">The bounds of the session.</param>
    /// <param name="kind">The row kind of its result.</param>
    /// <returns><c>false</c> if it does not fire now.</returns>
    public bool TryTakeLate(out WindowBounds window, out RowKind kind)
    {
        (window, kind) = _late.GetValueOrDefault();
        var isLate = _late != null;
        _late = null;
        return isLate;
    }

    // Records that the session of a row has new bounds or rows. If its end has passed, which is possible only in its allowed lateness, it
    // fires with the row; if it has moved behind the watermark, later.
    private void Changed(ref Session<TState> session)
    {
        session.Set(SessionFlags.HasFired, session.End <= _watermark);
        if (session.Has(SessionFlags.HasFired))
        {
            _late = (new WindowBounds(session.Start, session.End), Fired(ref session));
        }
    }

    // Records that the result of a session is obsolete.
    private void Delete(in Session<TState> session)
    {
        if (session.Has(SessionFlags.HasResult))
        {
            // The session continues with the state.
            var state = TStateCodec.HasSharedParts ? TStateCodec.Detach(in session.State) : session.State;
            _deleted[_deletedCount++] = (new WindowBounds(session.Start, session.End), state);
        }
    }

    private RowKind Fired(ref Session<TState> session)
    {
        session.Set(SessionFlags.HasFired, true);
        if (session.Has(SessionFlags.HasResult))
        {
            return RowKind.UpdateAfter;
        }

        session.Set(SessionFlags.HasResult, true);
        _counters.Windows++;
        return RowKind.Insert;
    }

    // Sets the timer of a key unless it is set for this time or an earlier one.
    private void Arm(ref Session<TState> newest, TKey key, ulong hash)
    {
        var due = NextDue(in newest, key, hash);
        if (newest.Armed == Watermarks.None || due < newest.Armed)
        {
            newest.Armed = due;

            // A timer fires when the watermark has passed its time.
            _timers.Set(due - 1, key);
        }
    }

    private long NextDue(in Session<TState> newest, TKey key, ulong hash)
    {
        var due = newest.Has(SessionFlags.HasFired) ? newest.End + _lateness : newest.End;
        if (newest.Has(SessionFlags.HasOlder))
        {
            ref readonly var run = ref _runs.Of(key, hash);
            var fired = run.CountFired();
            due = fired < run.Count ? Math.Min(due, run.Items![fired].End) : due;
            due = fired > 0 ? Math.Min(due, run.Items![0].End + _lateness) : due;
        }

        return due;
    }

    // Takes the session of a key that fires at this time, if any, and removes those whose lateness has passed.
    private bool TryTake(ref TKey key, long due, out WindowBounds window, out RowKind kind)
    {
        (window, kind) = (default, default);
        var hash = TKey.Hash(key, Secret);
        ref var newest = ref _newest.FindToChange(key, hash, isSaved: false);
        if (Unsafe.IsNullRef(in newest) || newest.Armed != due)
        {
            // It was left behind.
            return false;
        }

        // A timer has the form of the row that set it.
        key = StoredKey(key, hash);
        newest.Armed = Watermarks.None;
        if (newest.Has(SessionFlags.HasOlder) && TryTakeOlder(ref newest, key, hash, due, out window, out kind))
        {
            Arm(ref newest, key, hash);
            return true;
        }

        // Sessions of a key end in the order of time, so there are no older ones then.
        if (newest.End + _lateness <= due && newest.Has(SessionFlags.HasFired))
        {
            _newest.Remove(key, hash, isSaved: false);
            Removed(due, key);
            return false;
        }

        if (newest.End > due || newest.Has(SessionFlags.HasFired))
        {
            Arm(ref newest, key, hash);
            return false;
        }

        window = new WindowBounds(newest.Start, newest.End);
        _reached = Math.Max(_reached, newest.End);
        if (_lateness == 0)
        {
            _counters.Windows++;
            kind = RowKind.Insert;
            _removed = _newest.FindToChange(key, hash).State;
            _firing = null;
            _newest.Remove(key, hash, isSaved: false);
            Removed(due, key);
            return true;
        }

        kind = Fired(ref _newest.FindToChange(key, hash));
        _key = key;
        _firing = new SessionPlace(newest.Start, IsNewest: true);
        Arm(ref newest, key, hash);
        return true;
    }

    private bool TryTakeOlder(ref Session<TState> newest, TKey key, ulong hash, long due, out WindowBounds window, out RowKind kind)
    {
        (window, kind) = (default, default);
        ref var run = ref _runs.Of(key, hash);
        var first = run.CountFired();
        while (first > 0 && run.Items![0].End + _lateness <= due)
        {
            RemoveOlder(key, hash, run.Items[0].Start, isSaved: false);
            SessionRuns<TKey>.RemoveAt(ref run, 0);
            Removed(due, key);
            first--;
        }

        var fires = first < run.Count && run.Items![first].End <= due;
        if (fires)
        {
            ref var bounds = ref run.Items![first];
            window = new WindowBounds(bounds.Start, bounds.End);
            _reached = Math.Max(_reached, bounds.End);
            if (_lateness == 0)
            {
                _counters.Windows++;
                kind = RowKind.Insert;
                _removed = TakeOlder(key, hash, bounds.Start, isSaved: false).State;
                _firing = null;
                SessionRuns<TKey>.RemoveAt(ref run, first);
                Removed(due, key);
            }
            else
            {
                kind = Fired(ref AddOlder(key, hash, bounds.Start));
                bounds = bounds with { HasFired = true };
                _key = key;
                _firing = new SessionPlace(bounds.Start, IsNewest: false);
            }
        }

        ForgetEmpty(ref newest, in run, key, hash);
        return fires;
    }

    // Records that a session was removed because its allowed lateness has passed. Further rows must not open it again.
    private void Removed(long due, TKey key)
    {
        _lastRemoved = (due, key);
        _reached = Math.Max(_reached, due);
    }

    private ref TState StateAt(SessionPlace place)
    {
        var hash = TKey.Hash(_key, Secret);
        return ref place.IsNewest ? ref _newest.FindToChange(_key, hash).State : ref AddOlder(_key, hash, place.Start).State;
    }
}
