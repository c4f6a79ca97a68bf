using System.ComponentModel;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Windows;

/// <summary>
/// The panes of an operator with windows, each with the state of the keys that have rows in it. A pane covers a fixed length of event time:
/// a tumbling window, or a slice that several windows share.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">The codec of the state.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class PaneTable<TKey, TState, TStateCodec>
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    private const int RecentSize = 64;

    private readonly TableSecret _secret;
    private readonly long _length;
    private readonly SparePanes<TKey, TState> _spare = new();

    // A direct-mapped cache of panes by their number, since most rows belong to few panes.
    private readonly WindowPane<TKey, TState>?[] _recent = new WindowPane<TKey, TState>?[RecentSize];

    private protected PaneTable(
        string id,
        KeyRange range,
        SubtaskCounters counters,
        StateMemory memory,
        TableSecret secret,
        long lengthMicros,
        long offsetMicros)
    {
        Id = id;
        Range = range;
        Counters = counters;
        Memory = memory;
        _secret = secret;
        _length = lengthMicros;
        Offset = offsetMicros;
    }

    /// <summary>The secret in the key hashes of the operator's tables.</summary>
    public ulong Secret => _secret.Value;

    /// <summary>
    /// The watermark that a checkpoint saves. It excludes the end of input: that closes only the windows that are open, since more rows may
    /// come when the job resumes with more input.
    /// </summary>
    internal long Reached { get; private protected set; } = Watermarks.None;

    /// <summary>
    /// The time up to which windows stay closed, whatever the allowed lateness is: the program that saved the state had closed them, or the
    /// end of input has.
    /// </summary>
    private protected long Closed { get; set; } = Watermarks.None;

    private protected string Id { get; }

    private protected KeyRange Range { get; }

    private protected SubtaskCounters Counters { get; }

    private protected StateMemory Memory { get; }

    private protected long Offset { get; }

    /// <summary>The watermark of the task.</summary>
    private protected long Watermark { get; set; } = Watermarks.None;

    /// <summary>The collection states that each pane has.</summary>
    private protected List<Func<ElementStore>> Stores { get; } = [];

    /// <summary>The open panes, by their starts.</summary>
    private protected Dictionary<long, WindowPane<TKey, TState>> Panes { get; } = [];

    /// <summary>The pane of the row before.</summary>
    private protected WindowPane<TKey, TState>? Last { get; set; }

    private protected void Reach(long watermark)
    {
        Watermark = Math.Max(Watermark, watermark);
        if (Watermarks.IsInstant(watermark))
        {
            Reached = Math.Max(Reached, watermark);
        }
    }

    /// <summary>Returns the time up to which windows are closed, which a checkpoint saves.</summary>
    /// <param name="lateness">The allowed lateness.</param>
    private protected long ClosedTo(long lateness) => Reached == Watermarks.None ? Closed : Math.Max(Closed, Reached - lateness);

    /// <summary>
    /// Restores the head of the saved state of a subtask. Every subtask reads those of all others, because a window is closed for all keys
    /// or for none: the furthest of them counts.
    /// </summary>
    private protected void RestoreTime(long watermark, long closed)
    {
        Reach(watermark);
        Closed = Math.Max(Closed, closed);
    }

    private protected void ForgetReached() => (Watermark, Reached, Closed) = (Watermarks.None, Watermarks.None, Watermarks.None);

    /// <summary>Returns the entry of the cache for a time. It may contain the pane of another time.</summary>
    /// <param name="time">The time.</param>
    /// <param name="start">The start of the pane that covers the time.</param>
    private protected ref WindowPane<TKey, TState>? Recent(long time, out long start)
    {
        var number = Number(time);
        start = number * _length + Offset;
        return ref _recent[(int)(number & (RecentSize - 1))];
    }

    /// <summary>Returns an empty pane, which the caller keeps until it closes it.</summary>
    private protected WindowPane<TKey, TState> Take(long start)
    {
        if (!_spare.TryTake(out var pane))
        {
            var stores = Stores.Count == 0 ? PaneStores.None : new PaneStores([.. Stores.Select(create => create())]);
            pane = new WindowPane<TKey, TState>(TStateCodec.HasSharedParts ? TStateCodec.Detach : null, Memory, _secret, stores);
        }

        pane.Start = start;
        pane.End = start + _length;
        return pane;
    }

    private protected void Close(WindowPane<TKey, TState> pane)
    {
        Panes.Remove(pane.Start);
        Keep(pane);
    }

    /// <summary>Keeps the memory of a pane that closes for another one.</summary>
    private protected void Keep(WindowPane<TKey, TState> pane)
    {
        ref var recent = ref Recent(pane.Start, out _);
        if (recent == pane)
        {
            recent = null;
        }

        if (Last == pane)
        {
            Last = null;
        }

        _spare.Keep(pane);
    }

    private long Number(long time)
    {
        var distance = time - Offset;
        var number = distance / _length;
        return distance - number * _length < 0 ? number - 1 : number;
    }
}
