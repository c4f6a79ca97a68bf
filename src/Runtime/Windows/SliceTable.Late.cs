namespace Penstock.Windows;

/// <content>Windows that have fired and that late rows have changed.</content>
public sealed partial class SliceTable<TKey, TState, TStateCodec, TMerger>
{
    // The slices that the current rows have changed, by key; then the windows of one key.
    private readonly LateResults<TKey, TState> _late = new();
    private readonly List<LateResult<TKey, TState>> _lateSlices = [];
    private readonly Queue<(LateWindow<TKey> Window, TState State)> _lateWindows = new();
    private int _lateSlice;

    /// <summary>
    /// Takes the next window whose result has changed by rows passed to <see cref="Changed"/>. Its state is <see cref="Merged"/>. Each
    /// window and key comes once, by key and end.
    /// </summary>
    /// <param name="window">The window.</param>
    /// <returns><c>false</c> if there is none.</returns>
    public bool TryTakeLate(out LateWindow<TKey> window)
    {
        if (_late.TryTake(out var changed))
        {
            do
            {
                _lateSlices.Add(changed);
            }
            while (_late.TryTake(out changed));

            _lateSlices.Sort(static (left, right) => TKey.Compare(left.Sought, right.Sought));
        }

        while (_lateWindows.Count == 0 && _lateSlice < _lateSlices.Count)
        {
            var first = _lateSlice++;
            while (_lateSlice < _lateSlices.Count && TKey.Compare(_lateSlices[_lateSlice].Sought, _lateSlices[first].Sought) == 0)
            {
                _lateSlice++;
            }

            MergeLate(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lateSlices)[first.._lateSlice]);
        }

        if (_lateWindows.TryDequeue(out var late))
        {
            window = late.Window;
            _merged = late.State;
            Counters.Windows += late.Window.Kind == RowKind.Insert ? 1 : 0;
            return true;
        }

        _lateSlices.Clear();
        _lateSlice = 0;
        window = default;
        return false;
    }

    // Merges the windows of a key with these slices, in the order of their ends.
    private void MergeLate(ReadOnlySpan<LateResult<TKey, TState>> changed)
    {
        var (key, hash) = (changed[0].Sought, changed[0].Hash);
        var (from, to) = (long.MaxValue, long.MinValue);
        foreach (ref readonly var slice in changed)
        {
            from = Math.Min(from, FirstChanged(slice.Window));
            to = Math.Max(to, LastChanged(slice.Window));
        }

        if (from > to)
        {
            return;
        }

        var slices = SlicesOf(key, hash, StartOf(from), to);
        var next = 0;
        var aggregate = default(SliceAggregate<TKey, TState>);

        // The start of the newest slice that had rows of the key before.
        var known = long.MinValue;
        var newest = long.MinValue;
        for (var end = from; end <= to; end += _step)
        {
            for (; next < slices.Count && slices[next].FirstEnd <= end; next++)
            {
                if (slices[next].Start > newest)
                {
                    newest = slices[next].Start;
                    _aggregator.Append(ref aggregate, slices[next], in slices[next].Find(key, hash));
                }
                else
                {
                    _aggregator.Insert(ref aggregate, slices[next]);
                }

                known = IsNew(slices[next], changed) ? known : Math.Max(known, slices[next].Start);
            }

            if (_aggregator.Evict(ref aggregate, StartOf(end), key) && IsChanged(end, changed))
            {
                var kind = known >= StartOf(end) ? RowKind.UpdateAfter : RowKind.Insert;
                var window = new LateWindow<TKey>(StoredKey(in aggregate, key), new WindowBounds(StartOf(end), end), kind);
                _lateWindows.Enqueue((window, _aggregator.Merged(ref aggregate, key)));
            }
        }

        _aggregator.Drop(ref aggregate);
    }

    // The slices with rows of a key, in the order of the first windows that contain them.
    private List<WindowPane<TKey, TState>> SlicesOf(TKey key, ulong hash, long from, long to)
    {
        var found = new List<WindowPane<TKey, TState>>();
        for (var start = from; start < to; start += _step)
        {
            if (Panes.TryGetValue(start, out var slice) && slice.Contains(key, hash))
            {
                found.Add(slice);
            }
        }

        if (_deferred.Count > 0)
        {
            found.AddRange(_deferred.Values.Where(slice => slice.Start >= from && slice.Start < to && slice.Contains(key, hash)));
            found.Sort(static (left, right) => (left.FirstEnd, left.Start).CompareTo((right.FirstEnd, right.Start)));
        }

        return found;
    }

    private long FirstChanged(WindowPane<TKey, TState> slice) =>
        Math.Max(slice.FirstEnd, EndAfter(Math.Max(Watermark, ClosingMark) - _lateness));

    private long LastChanged(WindowPane<TKey, TState> slice) => Math.Min(_fired, LastEndOf(slice.Start));

    private bool IsChanged(long end, ReadOnlySpan<LateResult<TKey, TState>> changed)
    {
        foreach (ref readonly var slice in changed)
        {
            if (end >= FirstChanged(slice.Window) && end <= LastChanged(slice.Window))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNew(WindowPane<TKey, TState> slice, ReadOnlySpan<LateResult<TKey, TState>> changed)
    {
        foreach (ref readonly var other in changed)
        {
            if (ReferenceEquals(other.Window, slice))
            {
                return other.Kind == RowKind.Insert;
            }
        }

        return false;
    }
}
