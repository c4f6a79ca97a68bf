using System.Buffers;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Windows;

/// <content>The sessions in checkpoints, and how they are restored.</content>
public sealed partial class SessionTable<TKey, TState, TStateCodec, TMerger>
{
    string IStatePart.Id => _id;

    string IStatePart.Schema => SchemaOf(TStateCodec.Schema);

    KeyGroupRange? IStatePart.KeyGroups => _range.Groups;

    string IStatePart.AcceptedSchema => SchemaOf(TStateCodec.AcceptedSchema ?? TStateCodec.Schema);

    IFrozenPart IStatePart.Freeze(bool all) =>
        new FrozenSessions<TKey, TState, TStateCodec>(
            new SessionsHeader<TKey>(_reached, _lateness, ClosedTo, _lastRemoved),
            _newest.Freeze(all),
            _older.Freeze(all),
            _memory);

    bool IStatePart.HasHead => true;

    // The state may come from several subtasks, one of which may have advanced further than another while inputs were idle. Open sessions
    // still fire here, but one that has fired and closed must not open again.
    void IStatePart.RestoreHead(in ReadOnlySequence<byte> newest) => RestoreTime(FrozenSessions.ReadHeader<TKey>(newest));

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        var last = FrozenSessions.ReadHeader<TKey>(saved[^1]);
        RestoreTime(last);
        using var states = new SavedStates<TState, TStateCodec>(schema, this);
        foreach (var part in saved)
        {
            FrozenSessions.ReadEntries(part, last, states, _newest, _older, _range, writer);
        }
    }

    void IStatePart.Restored()
    {
        var older = _older.GetEnumerator();
        while (older.MoveNext())
        {
            ref readonly var session = ref older.Unchanged.State;
            var key = older.Unchanged.Key.Owner;
            var hash = TKey.Hash(key, Secret);
            _newest.FindToChange(key, hash, isSaved: false).Set(SessionFlags.HasOlder, true);
            ref var run = ref _runs.Of(key, hash);
            var bounds = new SessionBounds(session.Start, session.End, session.Has(SessionFlags.HasFired));
            _runs.Insert(ref run, run.CountTo(session.Start), bounds);
        }

        var newest = _newest.GetEnumerator();
        while (newest.MoveNext())
        {
            var key = newest.Unchanged.Key;
            var hash = TKey.Hash(key, Secret);
            ref var session = ref _newest.FindToChange(key, hash, isSaved: false);
            session.Armed = Watermarks.None;
            Arm(ref session, key, hash);
        }
    }

    void IStatePart.Forget()
    {
        _newest.Clear();
        _older.Clear();
        _runs.Clear();
        _timers.Clear();
        _lastRemoved = null;
        ForgetTime();
    }

    // All sessions had fired, so none were saved.
    void IStatePart.ForgetWatermark() => ForgetTime();

    private long ClosedTo => _reached == Watermarks.None ? _closed : Math.Max(_closed, _reached - _lateness);

    private void RestoreTime(in SessionsHeader<TKey> saved)
    {
        Reach(saved.Reached);
        if (saved.Closed != Watermarks.None)
        {
            _closed = Math.Max(_closed, saved.Closed);
            _closing = Math.Max(_closing, _closed + _lateness);
        }
    }

    private void ForgetTime() => _watermark = _closing = _reached = _closed = Watermarks.None;

    private string SchemaOf(string fields) => $"sessions({TKey.Schema};{_gap}){{{fields}}}";
}
