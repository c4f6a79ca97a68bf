namespace Penstock.State;

/// <summary>The list state of an operator, for the current key of its scope.</summary>
internal sealed class ListTable<TKey, TValue, TLife, TCodec>(KeyScope<TKey> scope, ListStore<TKey, TValue, TLife> store, Lifetime? lifetime)
    : ListState<TValue>, IScopedCollection
    where TKey : struct, IKey<TKey>
    where TLife : struct, ILife
    where TCodec : struct, IStateCodec<StateCell<TValue>>
{
    private ListStore<TKey, TValue, TLife> _store = store;

    public override int Count
    {
        get
        {
            RemoveExpired();
            return _store.HeadOf(scope.Key, scope.Hash).Count;
        }
    }

    public override ref TValue this[int index]
    {
        get
        {
            ref var element = ref _store.Find(scope.Key, scope.Hash, Checked(index));
            Renew(ref element);
            return ref element.Cell.Value;
        }
    }

    public override TValue Get(int index)
    {
        if (TCodec.HasSharedParts || (TLife.IsLimited && lifetime!.OnRead))
        {
            ref var element = ref _store.Find(scope.Key, scope.Hash, Checked(index));
            if (TLife.IsLimited && lifetime!.OnRead)
            {
                Renew(ref element);
            }

            return element.Cell.Value;
        }

        return _store.FindToRead(scope.Key, scope.Hash, Checked(index)).Cell.Value;
    }

    public override void Add(TValue item)
    {
        RemoveExpired();
        ref var element = ref _store.Add(scope.Key, scope.Hash);
        element.Cell.Value = item;
        Renew(ref element);
    }

    public override TValue RemoveLast()
    {
        var count = Count;
        if (count == 0)
        {
            throw new InvalidOperationException("A list state that is empty has no last element: look at Count first.");
        }

        var last = _store.FindToRead(scope.Key, scope.Hash, count - 1).Cell.Value;
        _store.RemoveLast(scope.Key, scope.Hash);
        if (TLife.IsLimited && count > 1)
        {
            Renew(ref _store.Find(scope.Key, scope.Hash, count - 2));
        }

        return last;
    }

    public override void Clear() => RemoveLast(_store.HeadOf(scope.Key, scope.Hash).Count);

    public void Use(ElementStore store) => _store = (ListStore<TKey, TValue, TLife>)store;

    private void RemoveExpired()
    {
        if (TLife.IsLimited && _store.HeadOf(scope.Key, scope.Hash) is { Count: > 0 } head && lifetime!.IsExpired(head.Life.Expires))
        {
            RemoveLast(head.Count);
        }
    }

    private void RemoveLast(int elements)
    {
        for (; elements > 0; elements--)
        {
            _store.RemoveLast(scope.Key, scope.Hash);
        }
    }

    private void Renew(ref ListElement<TValue, TLife> element)
    {
        if (TLife.IsLimited)
        {
            _store.Renew(scope.Key, scope.Hash, ref element, lifetime!.After(_store.HeadOf(scope.Key, scope.Hash).Life.Expires));
        }
    }

    private int Checked(int index)
    {
        var count = Count;
        if ((uint)index >= (uint)count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The list state has {count} elements.");
        }

        return index;
    }
}
