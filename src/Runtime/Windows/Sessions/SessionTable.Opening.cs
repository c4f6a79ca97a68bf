using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Windows;

/// <content>Rows that do not extend the newest session of their key: they open one, or change or merge others.</content>
public sealed partial class SessionTable<TKey, TState, TStateCodec, TMerger>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref TState Open(ref Session<TState> newest, TKey key, ulong hash, long time, long splitWatermark)
    {
        var end = time + _gap;
        if (!newest.IsOpen)
        {
            newest.Armed = Watermarks.None;
            (newest.Start, newest.End) = (time, end);
        }
        else if (time >= newest.End || IsClosed(newest.End, splitWatermark))
        {
            Age(ref newest, key, hash);
            (newest.Start, newest.End) = (time, end);
        }
        else if (time < newest.Start)
        {
            return ref OpenOlder(ref newest, key, hash, time, splitWatermark);
        }
        else
        {
            newest.End = Math.Max(newest.End, end);
        }

        Changed(ref newest);
        Arm(ref newest, key, hash);
        return ref newest.State;
    }

    // The newest session becomes an older one.
    private void Age(ref Session<TState> newest, TKey key, ulong hash)
    {
        ref var run = ref _runs.Of(key, hash);
        _runs.Insert(ref run, run.Count, new SessionBounds(newest.Start, newest.End, newest.Has(SessionFlags.HasFired)));
        ref var older = ref AddOlder(key, hash, newest.Start);
        older = newest;
        older.Flags &= SessionFlags.Saved;
        newest.State = default;
        newest.Flags = SessionFlags.HasOlder;
    }

    // The row starts before the newest session.
    private ref TState OpenOlder(ref Session<TState> newest, TKey key, ulong hash, long time, long splitWatermark)
    {
        var end = time + _gap;
        if (!newest.Has(SessionFlags.HasOlder) && end <= newest.Start)
        {
            newest.Set(SessionFlags.HasOlder, true);
        }

        if (!newest.Has(SessionFlags.HasOlder))
        {
            MoveStart(ref newest, time);
            Changed(ref newest);
            return ref newest.State;
        }

        ref var run = ref _runs.Of(key, hash);
        var next = run.CountTo(time);
        var previous = next > 0 && run.Items![next - 1].End > time && !IsClosed(run.Items[next - 1].End, splitWatermark) ? next - 1 : -1;
        if (next == run.Count && end > newest.Start)
        {
            if (previous >= 0)
            {
                MergeIntoNewest(ref newest, ref run, key, hash);
            }
            else
            {
                MoveStart(ref newest, time);
            }

            Changed(ref newest);
            Arm(ref newest, key, hash);
            return ref newest.State;
        }

        var place = previous >= 0 ? previous : next;
        ref var session = ref OlderOf(ref run, key, hash, time, next, previous);
        Changed(ref session);
        run.Items![place] = new SessionBounds(session.Start, session.End, session.Has(SessionFlags.HasFired));
        Arm(ref newest, key, hash);
        return ref session.State;
    }

    // Finds or opens the session of a row among the older ones. Its place in the run is that of the previous one, if that overlaps, or of
    // the next one.
    private ref Session<TState> OlderOf(ref SessionRun run, TKey key, ulong hash, long time, int next, int previous)
    {
        var end = time + _gap;
        var overlapsNext = next < run.Count && end > run.Items![next].Start;
        if (previous >= 0)
        {
            var start = run.Items![previous].Start;
            if (!overlapsNext)
            {
                ref var longer = ref AddOlder(key, hash, start);
                longer.End = Math.Max(longer.End, end);
                return ref longer;
            }

            var newer = TakeOlder(key, hash, run.Items[next].Start);
            SessionRuns<TKey>.RemoveAt(ref run, next);
            Delete(in newer);
            ref var merged = ref AddOlder(key, hash, start);
            Merge(ref merged.State, in newer.State);
            merged.End = newer.End;
            return ref merged;
        }

        if (overlapsNext)
        {
            var moved = TakeOlder(key, hash, run.Items![next].Start);
            MoveStart(ref moved, time);
            ref var earlier = ref AddOlder(key, hash, time);
            earlier = moved;
            return ref earlier;
        }

        _runs.Insert(ref run, next, default);
        ref var opened = ref AddOlder(key, hash, time);
        (opened.Start, opened.End) = (time, end);
        return ref opened;
    }

    // The row joins the newest session with the one before.
    private void MergeIntoNewest(ref Session<TState> newest, ref SessionRun run, TKey key, ulong hash)
    {
        var older = TakeOlder(key, hash, run.Items![run.Count - 1].Start);
        SessionRuns<TKey>.RemoveAt(ref run, run.Count - 1);
        Delete(in newest);
        Merge(ref older.State, in newest.State);
        newest.State = older.State;
        newest.Start = older.Start;
        newest.Set(SessionFlags.HasResult, older.Has(SessionFlags.HasResult));
        ForgetEmpty(ref newest, in run, key, hash);
    }

    // A result with the former start is no longer true.
    private void MoveStart(ref Session<TState> session, long start)
    {
        Delete(in session);
        session.Start = start;
        session.Set(SessionFlags.HasResult, false);
    }

    private void Merge(ref TState state, in TState later)
    {
        if (TStateCodec.HasSharedParts)
        {
            // The state may keep parts of the other one.
            var copy = TStateCodec.Detach(in later);
            _merger.Merge(ref state, in copy);
        }
        else
        {
            _merger.Merge(ref state, in later);
        }
    }

    // Returns the entry of an older session, which is added if there is none.
    private ref Session<TState> AddOlder(TKey key, ulong hash, long start)
    {
        var part = new SessionStart(start);
        return ref _older.GetOrAdd(new(key, part), OwnedKey<TKey, SessionStart>.Hash(hash, part));
    }

    private Session<TState> TakeOlder(TKey key, ulong hash, long start, bool isSaved = true)
    {
        // A copy from an entry that may be changed shares no parts with a frozen version.
        var taken = AddOlder(key, hash, start);
        RemoveOlder(key, hash, start, isSaved);
        return taken;
    }

    private void RemoveOlder(TKey key, ulong hash, long start, bool isSaved)
    {
        var part = new SessionStart(start);
        _older.Remove(new(key, part), OwnedKey<TKey, SessionStart>.Hash(hash, part), isSaved);
    }

    private void ForgetEmpty(ref Session<TState> newest, in SessionRun run, TKey key, ulong hash)
    {
        if (run.Count == 0)
        {
            newest.Set(SessionFlags.HasOlder, false);
            _runs.Remove(key, hash);
        }
    }
}
