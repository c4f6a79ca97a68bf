using System.Buffers;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Windows;

/// <content>The state of open slices in checkpoints, and how it is restored.</content>
public sealed partial class SliceTable<TKey, TState, TStateCodec, TMerger>
{
    // The subtasks that have saved the restored state, each with the end of the last window that it has fired, while some of them were
    // further than others.
    private readonly List<(KeyRange Writer, long Fired)> _restored = [];

    string IStatePart.Id => Id;

    string IStatePart.Schema => SchemaOf(TStateCodec.Schema);

    KeyGroupRange? IStatePart.KeyGroups => Range.Groups;

    string IStatePart.AcceptedSchema => SchemaOf(TStateCodec.AcceptedSchema ?? TStateCodec.Schema);

    private IEnumerable<WindowPane<TKey, TState>> Slices => Panes.Values.Concat(_deferred.Values);

    IFrozenPart IStatePart.Freeze(bool all)
    {
        List<WindowPane<TKey, TState>> slices = [.. Slices];
        return new FrozenSlices<TKey, TState, TStateCodec>(
            new SlicesHeader(
                Reached,
                _fired,
                ClosedTo(_lateness),
                [.. slices.Select(static slice => new SliceId(slice.Start, slice.FirstEnd))]),
            [.. slices.Select(slice => slice.Freeze(all))],
            Memory);
    }

    bool IStatePart.HasHead => true;

    void IStatePart.RestoreHead(in ReadOnlySequence<byte> newest)
    {
        var header = FrozenSlices.ReadHeader(newest);
        RestoreTime(header.Watermark, header.Closed);
    }

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        var header = FrozenSlices.ReadHeader(saved[^1]);
        RestoreTime(header.Watermark, header.Closed);
        if (header.Slices.Length == 0)
        {
            return;
        }

        _restored.Add((writer, header.Fired));
        HashSet<SliceId> open = [.. header.Slices];
        foreach (var id in header.Slices)
        {
            _ = Find(id) ?? Open(id);
        }

        // State of slices that have closed since it was saved is skipped.
        using var states = new SavedStates<TState, TStateCodec>(schema, this);
        foreach (var part in saved)
        {
            FrozenSlices.ReadEntries(part, states, id => open.Contains(id) ? Find(id) : null, Range, writer);
        }
    }

    void IStatePart.Restored()
    {
        if (_restored.Count > 0)
        {
            RestoreAggregates();
        }

        // Windows up to the watermark have fired, also if no slice is open.
        if (!((IDueState)this).IsDue)
        {
            Settle();
        }
    }

    private void RestoreAggregates()
    {
        // Keys of a subtask that was less far fire for the windows between.
        _fired = _restored.Min(static restored => restored.Fired);
        if (_restored.TrueForAll(restored => restored.Fired == _fired))
        {
            _restored.Clear();
        }

        _unfired.Clear();
        foreach (var slice in Slices.OrderBy(static slice => slice.Start).ThenBy(static slice => slice.FirstEnd))
        {
            slice.HasFired = slice.FirstEnd <= _fired;
            if (!slice.HasFired)
            {
                _unfired.Enqueue(slice, slice.FirstEnd);
            }
            else if (LastEndOf(slice.Start) > _fired)
            {
                var entries = slice.GetEnumerator();
                while (entries.MoveNext())
                {
                    var key = entries.Unchanged.Key;
                    _aggregator.Insert(ref _keys.GetOrAdd(key, TKey.Hash(key, Secret)), slice);
                }
            }
        }
    }

    void IStatePart.Forget()
    {
        foreach (var slice in Slices.ToList())
        {
            Close(slice, new SliceId(slice.Start, slice.FirstEnd));
        }

        _unfired.Clear();
        _closing.Clear();
        _late.Clear();
        _gone.Clear();
        _restored.Clear();
        ForgetAggregates();
        ForgetTime();
    }

    // All windows had fired, so no slices were saved.
    void IStatePart.ForgetWatermark()
    {
        _restored.Clear();
        ForgetTime();
    }

    private void ForgetTime()
    {
        ForgetReached();
        _newest = Watermarks.None;
        (_fired, _firing, _firedTo) = (Watermarks.None, Watermarks.None, TablePlace.Start);
    }

    private void ForgetAggregates()
    {
        _aggregator.DropAll();
        _keys.Drop();
        _keys = NewKeys();
        _mostKeys = 0;
    }

    private WindowPane<TKey, TState>? Find(SliceId id) =>
        id.FirstEnd == id.Start + _step ? Panes.GetValueOrDefault(id.Start) : _deferred.GetValueOrDefault(id);

    private bool HasFiredFor(TKey key)
    {
        foreach (var (writer, fired) in _restored)
        {
            if (fired >= _firing && writer.Owns(key))
            {
                return true;
            }
        }

        return false;
    }

    private string SchemaOf(string fields) =>
        $"{(_form == WindowForm.Sliding ? "sliding" : "cumulative")}({TKey.Schema};{_size},{_step},{Offset}){{{fields}}}";
}
