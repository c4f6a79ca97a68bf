using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Windows;

/// <summary>
/// The open slices of an operator whose windows overlap: sliding windows, or cumulative ones, which grow from a common start. Rows are
/// added to one slice each, and a window that fires merges the states of its slices: see
/// <see cref="SliceAggregator{TKey,TState,TStateCodec,TMerger}"/>.
/// Each row counts in those of its windows that were open for it, whatever the progress of other splits was.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">The codec of the state.</typeparam>
/// <typeparam name="TMerger">Merges the states of two slices.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class SliceTable<TKey, TState, TStateCodec, TMerger> : PaneTable<TKey, TState, TStateCodec>, IStatePart, IDueState
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
    where TMerger : struct, IStateMerger<TState>
{
    // Finding the keys to fire takes time in proportion to the length of the table.
    private const int ManyKeys = 1024;
    private const int ManyTimes = 8;

    private readonly TableSecret _secret;
    private readonly WindowForm _form;
    private readonly long _step;
    private readonly long _size;
    private readonly long _lateness;
    private readonly SliceAggregator<TKey, TState, TStateCodec, TMerger> _aggregator;
    private readonly StateMemory _aggregateMemory;

    // The slices of each key in the next window.
    private KeyedTable<TKey, SliceAggregate<TKey, TState>> _keys;
    private int _mostKeys;

    // Slices with rows that were late for the first windows of the slice, and whose other windows must not get them yet.
    private readonly Dictionary<SliceId, WindowPane<TKey, TState>> _deferred = [];

    // The slices that no fired window contains, by the end of the first one that does.
    private readonly PriorityQueue<WindowPane<TKey, TState>, long> _unfired = new();

    // All slices, by the end of the last window that contains them.
    private readonly PriorityQueue<WindowPane<TKey, TState>, long> _closing = new();

    // The keys without slices in the next window.
    private readonly List<TKey> _gone = [];

    // The end of the last window that has fired, or would have if there had been rows.
    private long _fired = Watermarks.None;

    // The start of the newest slice so far.
    private long _newest = Watermarks.None;

    // The end of the window in the middle of its firing, and the place up to which it has fired.
    private long _firing = Watermarks.None;
    private TablePlace _firedTo = TablePlace.Start;

    private TState _merged;

    internal SliceTable(
        string id,
        KeyRange range,
        SubtaskCounters counters,
        StateMemory memory,
        StateMemory aggregateMemory,
        TableSecret secret,
        WindowForm form,
        long sizeMicros,
        long stepMicros,
        long offsetMicros,
        long latenessMicros,
        TMerger merger)
        : base(id, range, counters, memory, secret, stepMicros, offsetMicros)
    {
        _form = form;
        _size = sizeMicros;
        _step = stepMicros;
        _lateness = latenessMicros;
        _aggregateMemory = aggregateMemory;
        _secret = secret;
        _aggregator = new SliceAggregator<TKey, TState, TStateCodec, TMerger>(merger, aggregateMemory);
        _keys = NewKeys();
    }

    bool IDueState.IsDue => TryFindNext(out var end) && end <= Watermark;

    // A checkpoint would have to record the keys for which the window has fired.
    bool IDueState.CanBeSaved => _firing == Watermarks.None && _restored.Count == 0;

    /// <summary>The state of the window and key that fires.</summary>
    public ref TState Merged => ref _merged;

    /// <summary>Returns the slice of a row.</summary>
    /// <param name="time">The event time of the row.</param>
    /// <param name="splitWatermark">The watermark of the row's split before this row.</param>
    /// <returns>The slice, which is opened if necessary, or null if the row is late for all windows with it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WindowPane<TKey, TState>? At(long time, long splitWatermark)
    {
        var watermark = Math.Max(splitWatermark, Watermark);
        var pane = Last;
        return pane != null && time >= pane.Start && time < pane.End && pane.End + _lateness > watermark
            ? pane
            : FindOrOpen(time, watermark);
    }

    /// <summary>
    /// Records that a row has changed a slice that a fired window contains, or, if its key can have several forms, has added the key to a
    /// slice.
    /// </summary>
    /// <param name="slice">The slice.</param>
    /// <param name="key">The key of the row.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="known">The number of keys in the slice before the row.</param>
    public void Changed(WindowPane<TKey, TState> slice, TKey key, ulong hash, int known)
    {
        ArgumentNullException.ThrowIfNull(slice);
        if (KeyForms<TKey>.CanDiffer && slice.Count != known && FindNext(slice, key, hash) is { } next)
        {
            slice.TakeForm(key, hash, next);
        }

        if (!slice.HasFired)
        {
            return;
        }

        if (LastEndOf(slice.Start) > _fired)
        {
            _aggregator.Insert(ref _keys.GetOrAdd(key, hash), slice);
        }

        if (_lateness > 0)
        {
            _late.Add(slice, key, hash, slice.Count == known ? RowKind.UpdateAfter : RowKind.Insert);
        }
    }

    /// <summary>
    /// Takes the window whose firing was paused or, in time order, the next one with rows whose end the watermark has reached. Return it
    /// with <see cref="Done"/>.
    /// </summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="window">The window.</param>
    /// <returns><c>false</c> if no window is due.</returns>
    public bool TryTakeDue(long watermark, out WindowBounds window)
    {
        Reach(watermark);
        if (_firing == Watermarks.None)
        {
            if (!TryFindNext(out var end) || end > Watermark)
            {
                Settle();
                window = default;
                return false;
            }

            AddSlicesTo(end);
            _firing = end;
            Reached = Math.Max(Reached, end);
        }

        window = new WindowBounds(StartOf(_firing), _firing);
        return true;
    }

    /// <summary>Returns the keys for which the window taken by <see cref="TryTakeDue"/> has not fired yet.</summary>
    /// <returns>An enumerator. The state of its current key is <see cref="Merged"/>.</returns>
    public Firing Unfired() => new(this);

    /// <summary>Records how far a window has fired when the task is suspended.</summary>
    /// <param name="fired">The enumerator, at the last key that has fired.</param>
    public void Pause(in Firing fired) => _firedTo = fired.Place;

    /// <summary>Ends the firing of a window.</summary>
    public void Done()
    {
        foreach (var key in _gone)
        {
            var hash = TKey.Hash(key, Secret);
            _aggregator.Drop(ref _keys.FindToChange(key, hash, isSaved: false));
            _keys.Remove(key, hash, isSaved: false);
        }

        _mostKeys = Math.Max(_mostKeys, _keys.Count + _gone.Count);
        _gone.Clear();
        if (_mostKeys > ManyKeys && _keys.Count < _mostKeys / ManyTimes)
        {
            Shrink();
        }

        (_fired, _firing, _firedTo) = (_firing, Watermarks.None, TablePlace.Start);
        CloseSlices();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WindowPane<TKey, TState>? FindOrOpen(long time, long watermark)
    {
        ref var recent = ref Recent(time, out var start);
        watermark = Math.Max(watermark, ClosingMark);
        if (start + _step + _lateness <= watermark)
        {
            return FindPartlyLate(start, watermark);
        }

        if (recent == null || recent.Start != start)
        {
            recent = OpenOrFind(start);
        }

        return Last = recent;
    }

    // Some windows of the row are closed. The others get it. A window that is closed for this row, but not yet for rows of other splits,
    // must not get it.
    private WindowPane<TKey, TState>? FindPartlyLate(long start, long watermark)
    {
        if (LastEndOf(start) + _lateness <= watermark)
        {
            Counters.Late++;
            return null;
        }

        var firstEnd = EndAfter(watermark - _lateness);
        if (firstEnd - _step + _lateness <= Math.Max(Watermark, ClosingMark))
        {
            return OpenOrFind(start);
        }

        var id = new SliceId(start, firstEnd);
        return _deferred.TryGetValue(id, out var slice) ? slice : Open(id);
    }

    // The watermark at which the windows are closed that were closed before a restart.
    private long ClosingMark => Closed + _lateness;

    private WindowPane<TKey, TState> OpenOrFind(long start) =>
        Panes.TryGetValue(start, out var pane) ? pane : Open(new SliceId(start, start + _step));

    private WindowPane<TKey, TState> Open(SliceId id)
    {
        var slice = Take(id.Start);
        slice.FirstEnd = id.FirstEnd;
        _newest = Math.Max(_newest, id.Start);
        slice.HasFired = id.FirstEnd <= _fired;
        if (id.FirstEnd == slice.End)
        {
            Panes.Add(id.Start, slice);
        }
        else
        {
            _deferred.Add(id, slice);
        }

        if (!slice.HasFired)
        {
            _unfired.Enqueue(slice, id.FirstEnd);
        }

        _closing.Enqueue(slice, LastEndOf(id.Start));
        return slice;
    }

    private bool TryFindNext(out long end)
    {
        end = long.MaxValue;
        if (_keys.Count > 0)
        {
            end = _fired + _step;
        }

        if (_unfired.TryPeek(out _, out var firstEnd))
        {
            end = Math.Min(end, firstEnd);
        }

        return end < long.MaxValue;
    }

    // Adds the slices that the window with this end is the first to contain.
    private void AddSlicesTo(long end)
    {
        while (_unfired.TryPeek(out var slice, out var firstEnd) && firstEnd <= end)
        {
            _unfired.Dequeue();
            slice.HasFired = true;
            var isNewest = slice.FirstEnd == slice.End;
            var entries = slice.GetEnumerator();
            while (entries.MoveNext())
            {
                ref readonly var entry = ref entries.Unchanged;
                ref var slices = ref _keys.GetOrAdd(entry.Key, TKey.Hash(entry.Key, Secret));
                if (isNewest)
                {
                    _aggregator.Append(ref slices, slice, in entry.State);
                }
                else
                {
                    _aggregator.Insert(ref slices, slice);
                }
            }
        }
    }

    // Fires the window for a key, unless it had fired before the state was restored.
    private bool Fire(ref KeyedEntry<TKey, SliceAggregate<TKey, TState>> entry)
    {
        var fires = _restored.Count == 0 || !HasFiredFor(entry.Key);
        if (fires)
        {
            _merged = _aggregator.Merged(ref entry.State, entry.Key);
            if (KeyForms<TKey>.CanDiffer)
            {
                entry.Key = StoredKey(in entry.State, entry.Key);
            }

            Counters.Windows++;
        }

        if (!_aggregator.Evict(ref entry.State, StartOf(_firing + _step), entry.Key))
        {
            _gone.Add(entry.Key);
        }

        return fires;
    }

    // No window is due: the next ones end after the watermark, even if there are no rows for them yet.
    private void Settle()
    {
        if (Watermarks.IsInstant(Watermark))
        {
            _fired = Math.Max(_fired, EndAfter(Watermark) - _step);
        }

        _restored.Clear();
        CloseSlices();

        // At the end of input no window has rows any more, so slices without keys close, too.
        if (Watermark == Watermarks.End)
        {
            Closed = Math.Max(Closed, _fired);
            while (_closing.TryDequeue(out var slice, out _))
            {
                Close(slice, new SliceId(slice.Start, slice.FirstEnd));
            }
        }
    }

    private void CloseSlices()
    {
        while (_closing.TryPeek(out var slice, out var end) && end <= _fired && end + _lateness <= Watermark)
        {
            _closing.Dequeue();
            Close(slice, new SliceId(slice.Start, slice.FirstEnd));
        }
    }

    private void Close(WindowPane<TKey, TState> slice, SliceId id)
    {
        if (id.FirstEnd == slice.End)
        {
            Close(slice);
        }
        else
        {
            _deferred.Remove(id);
            Keep(slice);
        }
    }

    private long StartOf(long end) => _form == WindowForm.Sliding ? end - _size : Floor(end - _step, _size);

    private long LastEndOf(long start) => (_form == WindowForm.Sliding ? start : Floor(start, _size)) + _size;

    private long EndAfter(long time) => Floor(time, _step) + _step;

    private long Floor(long time, long length)
    {
        var from = (time - Offset) % length;
        return time - (from < 0 ? from + length : from);
    }

    private KeyedTable<TKey, SliceAggregate<TKey, TState>> NewKeys() => new(null, _aggregateMemory, _secret);

    private void Shrink()
    {
        var keys = NewKeys();
        foreach (ref var entry in _keys)
        {
            keys.GetOrAdd(entry.Key, TKey.Hash(entry.Key, Secret)) = entry.State;
        }

        _keys.Drop();
        _keys = keys;
        _mostKeys = keys.Count;
    }

    /// <summary>Enumerates the keys of a window that fires.</summary>
    public ref struct Firing
    {
        private readonly SliceTable<TKey, TState, TStateCodec, TMerger> _slices;
        private KeyedTable<TKey, SliceAggregate<TKey, TState>>.Enumerator _entries;

        internal Firing(SliceTable<TKey, TState, TStateCodec, TMerger> slices)
        {
            _slices = slices;
            _entries = new KeyedTable<TKey, SliceAggregate<TKey, TState>>.Enumerator(slices._keys, slices._firedTo);
        }

        internal readonly TablePlace Place => _entries.Place;

        /// <summary>The current key.</summary>
        public readonly TKey Key => _entries.Unchanged.Key;

        /// <summary>Advances to the next key, and merges its state.</summary>
        /// <returns><c>false</c> at the end.</returns>
        public bool MoveNext()
        {
            while (_entries.MoveNext())
            {
                if (_slices.Fire(ref _entries.Current))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
