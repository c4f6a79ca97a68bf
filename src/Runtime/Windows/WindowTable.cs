using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Windows;

/// <summary>
/// The open windows of a tumbling-window operator. Keys that share a window share a pane, so that firing takes panes off a
/// priority queue and visits nothing that is not due.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">Writes and reads the state.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class WindowTable<TKey, TState, TStateCodec> : IStatePart, IWindowSet, IWindows
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    private const int RecentSize = 64;

    private readonly string _id;
    private readonly KeyRange _range;
    private readonly SubtaskCounters _counters;
    private readonly StateMemory _memory;
    private readonly TableSecret _secret;
    private readonly List<Func<ElementStore>> _stores = [];
    private readonly long _size;
    private readonly long _offset;
    private readonly long _lateness;
    private readonly Dictionary<long, WindowPane<TKey, TState>> _panes = [];
    private readonly PriorityQueue<WindowPane<TKey, TState>, long> _due = new();
    private readonly SparePanes<TKey, TState> _spare = new();

    // A direct-mapped cache of panes by the number of their window; rows mostly fall into few of them.
    private readonly WindowPane<TKey, TState>?[] _recent = new WindowPane<TKey, TState>?[RecentSize];
    private WindowPane<TKey, TState>? _last;

    private readonly LateResults<TKey, TState> _late = new();

    // In the middle of its firing.
    private WindowPane<TKey, TState>? _firing;
    private long _watermark = Watermarks.None;

    internal WindowTable(
        string id,
        KeyRange range,
        SubtaskCounters counters,
        StateMemory memory,
        TableSecret secret,
        long sizeMicros,
        long offsetMicros,
        long latenessMicros)
    {
        _id = id;
        _range = range;
        _counters = counters;
        _memory = memory;
        _secret = secret;
        _size = sizeMicros;
        _offset = offsetMicros;
        _lateness = latenessMicros;
    }

    bool IWindows.AreDue => _due.TryPeek(out _, out var due) && due <= _watermark;

    // Of a window that stays open it would have to be saved for which of its keys it has fired.
    bool IWindows.CanBeSaved => _firing == null || _lateness == 0;

    /// <summary>
    /// The watermark that a checkpoint saves. The end of input is not part of it: it closes the windows that are open, and no others, since
    /// rows may come all the same when the job goes on with more input.
    /// </summary>
    internal long Reached { get; private set; } = Watermarks.None;

    /// <summary>The secret in the hashes of the operator's tables.</summary>
    public ulong Secret => _secret.Value;

    /// <summary>Finds the window of a row.</summary>
    /// <param name="time">The event time of the row.</param>
    /// <param name="splitWatermark">The watermark of the row's split before the row.</param>
    /// <returns>The window, opened if need be; null when the row is late for it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WindowPane<TKey, TState>? At(long time, long splitWatermark)
    {
        // The overall watermark matters only after idleness or new splits: else it is never ahead of a split's.
        var watermark = Math.Max(splitWatermark, _watermark);
        var pane = _last;
        if (pane == null || time < pane.Start || time >= pane.End)
        {
            pane = FindOrOpen(time, watermark);
        }

        return pane == null || pane.End + _lateness <= watermark ? Late() : pane;
    }

    /// <summary>
    /// Takes the window in the middle of whose firing the task has paused or the next one, in time order, whose end the watermark has
    /// reached. Give it back with <see cref="Done"/>.
    /// </summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="pane">The window, whose keys are to be fired.</param>
    /// <returns>False when no window is due.</returns>
    public bool TryTakeDue(long watermark, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WindowPane<TKey, TState>? pane)
    {
        Reach(watermark);
        if (_firing != null)
        {
            pane = _firing;
            return true;
        }

        while (_due.TryPeek(out pane, out var due) && due <= _watermark)
        {
            _due.Dequeue();
            Reached = Math.Max(Reached, due);
            if (!pane.HasFired)
            {
                return true;
            }

            Close(pane);
        }

        pane = null;
        return false;
    }

    /// <summary>Notes how far the firing of a window has come: the task is held up.</summary>
    /// <param name="pane">The window that <see cref="TryTakeDue"/> gave.</param>
    /// <param name="fired">Stands at the last key that has fired.</param>
    public void Pause(WindowPane<TKey, TState> pane, in KeyedTable<TKey, TState>.Enumerator fired)
    {
        ArgumentNullException.ThrowIfNull(pane);
        _firing = pane;
        pane.FiredTo = fired.Place;
        pane.Fired += fired.Passed;
        _counters.Windows += fired.Passed;

        // What a small window has fired of is little, and the window is kept for another one.
        if (_lateness == 0 && (!SparePanes<TKey, TState>.IsWorthKeeping(pane)))
        {
            pane.GiveUpBefore(pane.FiredTo);
        }
    }

    /// <summary>Ends the firing of a window: it is closed, or stays open for its allowed lateness.</summary>
    /// <param name="pane">The window that <see cref="TryTakeDue"/> gave.</param>
    /// <param name="fired">Has come to its end.</param>
    public void Done(WindowPane<TKey, TState> pane, in KeyedTable<TKey, TState>.Enumerator fired)
    {
        ArgumentNullException.ThrowIfNull(pane);
        _firing = null;
        _counters.Windows += fired.Passed;
        if (_lateness > 0)
        {
            pane.HasFired = true;
            pane.BeginAnew();
            _due.Enqueue(pane, pane.End + _lateness);
        }
        else
        {
            Close(pane);
        }
    }

    /// <summary>Notes that a window fires for a late row.</summary>
    /// <param name="pane">The window, which has fired before.</param>
    /// <param name="known">How many keys it had before the row.</param>
    /// <returns>What the result means: the first one of its key, or one that replaces another.</returns>
    public RowKind FireAgain(WindowPane<TKey, TState> pane, int known)
    {
        if (pane.Count == known)
        {
            return RowKind.UpdateAfter;
        }

        // The window has not fired for this key yet.
        _counters.Windows++;
        return RowKind.Insert;
    }

    /// <summary>
    /// Notes that the result of a window has changed by a late row: it is sent when the rows at hand are done, once for all of them.
    /// </summary>
    /// <param name="pane">The window, which has fired before.</param>
    /// <param name="key">The key of the row.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="known">How many keys the window had before the row.</param>
    public void FireLater(WindowPane<TKey, TState> pane, TKey key, ulong hash, int known) =>
        _late.Add(pane, key, hash, FireAgain(pane, known));

    /// <summary>Takes the next result of which <see cref="FireLater"/> has made a note.</summary>
    /// <param name="result">The result.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTakeLate(out LateResult<TKey, TState> result) => _late.TryTake(out result);

    private void Reach(long watermark)
    {
        _watermark = Math.Max(_watermark, watermark);
        if (Watermarks.IsInstant(watermark))
        {
            Reached = Math.Max(Reached, watermark);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WindowPane<TKey, TState>? FindOrOpen(long time, long watermark)
    {
        var number = Number(time);
        ref var recent = ref _recent[(int)(number & (RecentSize - 1))];
        if (recent == null || time < recent.Start || time >= recent.End)
        {
            var start = number * _size + _offset;
            if (start + _size + _lateness <= watermark)
            {
                // Whether it is still open or not: of many late rows none needs to look for it.
                return null;
            }

            if (!_panes.TryGetValue(start, out var pane))
            {
                pane = Add(start, fired: start + _size <= _watermark);
            }

            recent = pane;
        }

        return _last = recent;
    }

    private WindowPane<TKey, TState>? Late()
    {
        _counters.Late++;
        return null;
    }

    private WindowPane<TKey, TState> Add(long start, bool fired)
    {
        if (!_spare.TryTake(out var pane))
        {
            var stores = _stores.Count == 0 ? PaneStores.None : new PaneStores([.. _stores.Select(create => create())]);
            pane = new WindowPane<TKey, TState>(TStateCodec.HasSharedParts ? TStateCodec.Detach : null, _memory, _secret, stores);
        }

        pane.Start = start;
        pane.End = start + _size;
        pane.HasFired = fired;
        _panes.Add(start, pane);
        _due.Enqueue(pane, fired ? pane.End + _lateness : pane.End);
        return pane;
    }

    private void Close(WindowPane<TKey, TState> pane)
    {
        _panes.Remove(pane.Start);
        ref var recent = ref _recent[(int)(Number(pane.Start) & (RecentSize - 1))];
        if (recent == pane)
        {
            recent = null;
        }

        if (_last == pane)
        {
            _last = null;
        }

        _spare.Keep(pane);
    }

    private long Number(long time)
    {
        var distance = time - _offset;
        var number = distance / _size;
        return distance - number * _size < 0 ? number - 1 : number;
    }
}
