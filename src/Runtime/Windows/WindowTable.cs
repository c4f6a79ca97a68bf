using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>
/// The open windows of a tumbling-window operator. Keys that share a window share a pane, so firing takes panes from a priority queue and
/// never visits a pane that is not due.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">The codec of the state.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class WindowTable<TKey, TState, TStateCodec> : PaneTable<TKey, TState, TStateCodec>, IStatePart, IWindowSet, IDueState
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    private readonly long _size;
    private readonly long _lateness;
    private readonly PriorityQueue<WindowPane<TKey, TState>, long> _due = new();
    private readonly LateResults<TKey, TState> _late = new();

    // The window in the middle of its firing.
    private WindowPane<TKey, TState>? _firing;

    internal WindowTable(
        string id,
        KeyRange range,
        SubtaskCounters counters,
        StateMemory memory,
        TableSecret secret,
        long sizeMicros,
        long offsetMicros,
        long latenessMicros)
        : base(id, range, counters, memory, secret, sizeMicros, offsetMicros)
    {
        _size = sizeMicros;
        _lateness = latenessMicros;
    }

    bool IDueState.IsDue => _due.TryPeek(out _, out var due) && due <= Watermark;

    // For a window that stays open, a checkpoint would have to record the keys for which it has fired.
    bool IDueState.CanBeSaved => _firing == null || _lateness == 0;

    /// <summary>Returns the window of a row.</summary>
    /// <param name="time">The event time of the row.</param>
    /// <param name="splitWatermark">The watermark of the row's split before this row.</param>
    /// <returns>The window, which is opened if necessary, or null if the row is late for it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WindowPane<TKey, TState>? At(long time, long splitWatermark)
    {
        // The combined watermark matters only after idleness or new splits: otherwise it is never ahead of a split's.
        var watermark = Math.Max(splitWatermark, Watermark);
        var pane = Last;
        if (pane == null || time < pane.Start || time >= pane.End)
        {
            pane = FindOrOpen(time, watermark);
        }

        return pane == null || pane.End + _lateness <= watermark ? Late() : pane;
    }

    /// <summary>
    /// Takes the window whose firing was paused or, in time order, the next window whose end the watermark has reached. Return it with
    /// <see cref="Done"/>.
    /// </summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="pane">The window whose keys are to fire.</param>
    /// <returns><c>false</c> if no window is due.</returns>
    public bool TryTakeDue(long watermark, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WindowPane<TKey, TState>? pane)
    {
        Reach(watermark);
        if (_firing != null)
        {
            pane = _firing;
            return true;
        }

        while (_due.TryPeek(out pane, out var due) && due <= Watermark)
        {
            _due.Dequeue();
            Reached = Math.Max(Reached, pane.End);
            if (!pane.HasFired)
            {
                return true;
            }

            Closed = Math.Max(Closed, pane.End);
            Close(pane);
        }

        pane = null;
        return false;
    }

    /// <summary>Records how far a window has fired when the task is suspended.</summary>
    /// <param name="pane">The window returned by <see cref="TryTakeDue"/>.</param>
    /// <param name="fired">The enumerator, at the last key that has fired.</param>
    public void Pause(WindowPane<TKey, TState> pane, in KeyedTable<TKey, TState>.Enumerator fired)
    {
        ArgumentNullException.ThrowIfNull(pane);
        _firing = pane;
        pane.FiredTo = fired.Place;
        pane.Fired += fired.Passed;
        Counters.Windows += fired.Passed;

        // For a small window this frees little, and its pane is kept for another window.
        if (_lateness == 0 && (!SparePanes<TKey, TState>.IsWorthKeeping(pane)))
        {
            pane.GiveUpBefore(pane.FiredTo);
        }
    }

    /// <summary>Ends the firing of a window, which then closes or stays open for its allowed lateness.</summary>
    /// <param name="pane">The window returned by <see cref="TryTakeDue"/>.</param>
    /// <param name="fired">The enumerator, at its end.</param>
    public void Done(WindowPane<TKey, TState> pane, in KeyedTable<TKey, TState>.Enumerator fired)
    {
        ArgumentNullException.ThrowIfNull(pane);
        _firing = null;
        Counters.Windows += fired.Passed;
        if (_lateness > 0)
        {
            pane.HasFired = true;
            pane.ResetFiring();
            _due.Enqueue(pane, pane.End + _lateness);
        }
        else
        {
            Close(pane);
        }
    }

    /// <summary>Records that a window fires for a late row.</summary>
    /// <param name="pane">The window, which has already fired.</param>
    /// <param name="known">The number of its keys before the row.</param>
    /// <returns>
    /// The row kind of the result: an insert if it is the first result of its key, otherwise an update of an earlier one.
    /// </returns>
    public RowKind Refire(WindowPane<TKey, TState> pane, int known)
    {
        if (pane.Count == known)
        {
            return RowKind.UpdateAfter;
        }

        // The window has not fired for this key yet.
        Counters.Windows++;
        return RowKind.Insert;
    }

    /// <summary>Records that a late row has changed the result of a window. The result is sent once after all current rows.</summary>
    /// <param name="pane">The window, which has already fired.</param>
    /// <param name="key">The key of the row.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="known">The number of keys in the window before the row.</param>
    public void QueueRefire(WindowPane<TKey, TState> pane, TKey key, ulong hash, int known) =>
        _late.Add(pane, key, hash, Refire(pane, known));

    /// <summary>Takes the next result that <see cref="QueueRefire"/> has recorded.</summary>
    /// <param name="result">The result.</param>
    /// <returns><c>false</c> if there is none.</returns>
    public bool TryTakeLate(out LateResult<TKey, TState> result) => _late.TryTake(out result);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WindowPane<TKey, TState>? FindOrOpen(long time, long watermark)
    {
        ref var recent = ref Recent(time, out var start);
        if (recent == null || recent.Start != start)
        {
            if (start + _size + _lateness <= watermark || start + _size <= Closed)
            {
                // Returns null even if the window is still open, so that many late rows need no lookup.
                return null;
            }

            if (!Panes.TryGetValue(start, out var pane))
            {
                pane = Add(start, fired: start + _size <= Watermark);
            }

            recent = pane;
        }

        return Last = recent;
    }

    private WindowPane<TKey, TState>? Late()
    {
        Counters.Late++;
        return null;
    }

    private WindowPane<TKey, TState> Add(long start, bool fired)
    {
        var pane = Take(start);
        pane.HasFired = fired;
        Panes.Add(start, pane);
        _due.Enqueue(pane, fired ? pane.End + _lateness : pane.End);
        return pane;
    }
}
