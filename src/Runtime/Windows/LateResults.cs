using Penstock.State;

namespace Penstock.Windows;

/// <summary>The results of fired windows that the current rows have changed, each once, in the order of the first change.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
internal sealed class LateResults<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private const int MinSlots = 64;

    // An open-addressing hash table over the results: the index of a result, from 1, or 0 in a free slot. At most half of the slots are
    // used.
    private int[] _slots = new int[MinSlots];
    private LateResult<TKey, TState>[] _results = new LateResult<TKey, TState>[MinSlots / 2];
    private int[] _slotOf = new int[MinSlots / 2];
    private int _count;
    private int _taken;

    /// <summary>Adds a result if it is not in the collection.</summary>
    public void Add(WindowPane<TKey, TState> window, TKey key, ulong hash, RowKind kind)
    {
        var slot = Mix(window, hash) & (_slots.Length - 1);
        while (_slots[slot] is not 0 and var index)
        {
            if (_results[index - 1].IsOf(window, key))
            {
                return;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        _results[_count] = new LateResult<TKey, TState>(window, key, hash, kind);
        _slotOf[_count] = slot;
        _slots[slot] = ++_count;
        if (_count == _results.Length)
        {
            Grow();
        }
    }

    /// <summary>Takes the next result. The collection is empty after the last one.</summary>
    public bool TryTake(out LateResult<TKey, TState> result)
    {
        if (_taken == _count)
        {
            Clear();
            result = default;
            return false;
        }

        result = _results[_taken++];
        return true;
    }

    public void Clear()
    {
        for (var index = 0; index < _count; index++)
        {
            _slots[_slotOf[index]] = 0;
        }

        Array.Clear(_results, 0, _count);
        (_count, _taken) = (0, 0);
    }

    // The hash of a key contains a secret. Windows of the same key differ in their starts.
    private static int Mix(WindowPane<TKey, TState> window, ulong hash) =>
        (int)((hash ^ (ulong)window.Start) * 0x9E37_79B9_7F4A_7C15 >> 33);

    private void Grow()
    {
        var results = _results;
        var count = _count;
        _slots = new int[_slots.Length * 2];
        _results = new LateResult<TKey, TState>[results.Length * 2];
        _slotOf = new int[_slotOf.Length * 2];
        _count = 0;
        for (var index = 0; index < count; index++)
        {
            Add(results[index].Window, results[index].Sought, results[index].Hash, results[index].Kind);
        }
    }
}
