using System.Buffers;
using Penstock.State;

namespace Penstock.Windows;

/// <content>The state of open windows in checkpoints, and how it is restored.</content>
public sealed partial class WindowTable<TKey, TState, TStateCodec>
{
    string IStatePart.Id => Id;

    string IStatePart.Schema => SchemaOf(TStateCodec.Schema);

    KeyGroupRange? IStatePart.KeyGroups => Range.Groups;

    string IStatePart.AcceptedSchema => SchemaOf(TStateCodec.AcceptedSchema ?? TStateCodec.Schema);

    string IWindowSet.Grid => Grid;

    IEnumerable<(long Start, PaneStores Stores)> IWindowSet.Open => Panes.Values.Select(static pane => (pane.Start, pane.Stores));

    private string Grid => $"{_size},{Offset}";

    int IWindowSet.Add(Func<ElementStore> create)
    {
        Stores.Add(create);
        return Stores.Count - 1;
    }

    IFrozenPart IStatePart.Freeze(bool all) =>
        new FrozenWindows<TKey, TState, TStateCodec>(
            Reached,
            ClosedTo(_lateness),
            [.. Panes.Values.Select(pane => Freeze(pane, all))],
            Memory);

    bool IStatePart.HasHead => true;

    void IStatePart.RestoreHead(in ReadOnlySequence<byte> newest) => RestoreOpen(newest);

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        var open = RestoreOpen(saved[^1]);

        // State of windows that have closed since it was saved is skipped.
        using var states = new SavedStates<TState, TStateCodec>(schema, this);
        for (var index = 0; index < saved.Count; index++)
        {
            var isLast = index == saved.Count - 1;
            FrozenWindows.ReadEntries(
                saved[index],
                states,
                start => open.TryGetValue(start, out var window) && (isLast || !window.IsRest) ? Panes[start] : null,
                Range,
                writer);
        }
    }

    private Dictionary<long, OpenWindow> RestoreOpen(in ReadOnlySequence<byte> newest)
    {
        var (watermark, closed, open) = FrozenWindows.ReadHeader(newest);

        // The state may come from several subtasks, one of which may have advanced further than another while inputs were idle. Open
        // windows still fire here, but a window that one of them has fired and closed must not open again.
        RestoreTime(watermark, closed);
        foreach (var (start, window) in open)
        {
            if (!Panes.TryGetValue(start, out var pane))
            {
                Add(start, window.HasFired);
            }
            else if (pane.HasFired && !window.HasFired)
            {
                // The window must fire for the keys of this writer; for the other keys it sends the same results again.
                pane.HasFired = false;
                Requeue();
            }
        }

        return open;
    }

    void IStatePart.Forget()
    {
        foreach (var pane in Panes.Values.ToList())
        {
            Close(pane);
        }

        _due.Clear();
        _late.Clear();
        _firing = null;
        ForgetReached();
    }

    void IStatePart.ForgetWatermark() => ForgetReached();

    // In the middle of its firing, a window saves only the keys that have not fired, but all of them: previously saved changes contain
    // more.
    private FrozenPane<TKey, TState> Freeze(WindowPane<TKey, TState> pane, bool all) => pane == _firing
        ? new FrozenPane<TKey, TState>(pane.Start, HasFired: false, pane.Freeze(all: true, pane.FiredTo, pane.Count - pane.Fired))
        {
            IsRest = true
        }
        : new FrozenPane<TKey, TState>(pane.Start, pane.HasFired, pane.Freeze(all));

    private void Requeue()
    {
        _due.Clear();
        foreach (var pane in Panes.Values)
        {
            _due.Enqueue(pane, pane.HasFired ? pane.End + _lateness : pane.End);
        }
    }

    private string SchemaOf(string fields) => $"windows({TKey.Schema};{Grid}){{{fields}}}";
}
