using Penstock.State;

namespace Penstock.Windows;

/// <content>
/// The forms of keys. All results of a window show its key in the form that the oldest slice with the key stores, so this form must not
/// change when a late row adds the key to an older slice: there, the key gets the form that the next slice stores. Rows that are not late
/// do the same, since it depends on batches which rows arrive after a window has fired.
/// </content>
public sealed partial class SliceTable<TKey, TState, TStateCodec, TMerger>
{
    private TKey StoredKey(ref readonly SliceAggregate<TKey, TState> slices, TKey key) =>
        KeyForms<TKey>.CanDiffer ? slices.Oldest.StoredKey(key, TKey.Hash(key, Secret)) : key;

    // The next slice with the key in a window that contains both slices.
    private WindowPane<TKey, TState>? FindNext(WindowPane<TKey, TState> slice, TKey key, ulong hash)
    {
        var lastEnd = LastEndOf(slice.Start);
        WindowPane<TKey, TState>? next = null;
        for (var start = slice.Start + _step; next == null && start < lastEnd && start <= _newest; start += _step)
        {
            if (Panes.TryGetValue(start, out var other) && other.Contains(key, hash))
            {
                next = other;
            }
        }

        foreach (var other in _deferred.Values)
        {
            if (other.FirstEnd <= lastEnd && IsBehind(other, slice) && (next == null || IsBehind(next, other)) && other.Contains(key, hash))
            {
                next = other;
            }
        }

        return next;
    }

    private static bool IsBehind(WindowPane<TKey, TState> slice, WindowPane<TKey, TState> other) =>
        SliceAggregator<TKey, TState, TStateCodec, TMerger>.IsBehind(slice, other);
}
