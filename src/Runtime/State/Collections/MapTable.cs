using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>The map state of an operator, for the current key of its scope.</summary>
internal sealed class MapTable<TKey, TPart, TMapKey, TValue, TLife, TCodec>(
    KeyScope<TKey> scope,
    MapStore<TKey, TPart, TValue, TLife> store,
    Lifetime? lifetime)
    : MapState<TMapKey, TValue>, IScopedCollection
    where TKey : struct, IKey<TKey>
    where TPart : struct, IMapKey<TPart, TMapKey>
    where TLife : struct, ILife
    where TCodec : struct, IStateCodec<StateCell<TValue>>
{
    private MapStore<TKey, TPart, TValue, TLife> _store = store;

    public override int Count
    {
        get
        {
            RemoveExpired();
            return _store.HeadOf(scope.Key, scope.Hash).Count;
        }
    }

    public override ref TValue GetOrAdd(TMapKey key)
    {
        var part = TPart.Of(key);
        ref var element = ref FindToChange(part);
        if (Unsafe.IsNullRef(in element))
        {
            element = ref _store.Add(scope.Key, scope.Hash, part);
        }

        Renew(ref element);
        return ref element.Cell.Value;
    }

    public override ref TValue GetRef(TMapKey key)
    {
        ref var element = ref FindToChange(TPart.Of(key));
        if (Unsafe.IsNullRef(in element))
        {
            throw Missing(key);
        }

        Renew(ref element);
        return ref element.Cell.Value;
    }

    public override bool TryGetValue(TMapKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ref readonly var element = ref FindToRead(TPart.Of(key));
        var isFound = !Unsafe.IsNullRef(in element);
        value = isFound ? element.Cell.Value : default;
        return isFound;
    }

    public override bool ContainsKey(TMapKey key) => !Unsafe.IsNullRef(in FindToRead(TPart.Of(key)));

    public override bool Remove(TMapKey key)
    {
        var part = TPart.Of(key);
        var isThere = !TLife.IsLimited || !Unsafe.IsNullRef(in FindToChange(part));
        return isThere && _store.Remove(scope.Key, scope.Hash, part);
    }

    public override void Clear()
    {
        for (var head = _store.HeadOf(scope.Key, scope.Hash); head.Count > 0; head = _store.HeadOf(scope.Key, scope.Hash))
        {
            _store.Remove(scope.Key, scope.Hash, head.First);
        }
    }

    public void Use(ElementStore store) => _store = (MapStore<TKey, TPart, TValue, TLife>)store;

    private protected override int Begin(out TMapKey first)
    {
        RemoveExpired();
        var head = _store.HeadOf(scope.Key, scope.Hash);
        first = TPart.ValueOf(head.First);
        return head.Count;
    }

    private protected override bool Read(TMapKey key, out TValue value, out TMapKey next)
    {
        ref readonly var element = ref FindToRead(TPart.Of(key));
        if (Unsafe.IsNullRef(in element))
        {
            value = default!;
            next = default!;
            return false;
        }

        value = element.Cell.Value;
        next = TPart.ValueOf(element.Next);
        return true;
    }

    // The caller may change a mutable value in place.
    private ref readonly MapElement<TPart, TValue, TLife> FindToRead(TPart part)
    {
        if (TCodec.HasSharedParts || (TLife.IsLimited && lifetime!.OnRead))
        {
            ref var found = ref FindToChange(part);
            if (TLife.IsLimited && lifetime!.OnRead && !Unsafe.IsNullRef(in found))
            {
                Renew(ref found);
            }

            return ref found;
        }

        ref readonly var element = ref _store.Elements.Find(new(scope.Key, part), OwnedKey<TKey, TPart>.Hash(scope.Hash, part));
        if (TLife.IsLimited && !Unsafe.IsNullRef(in element) && lifetime!.IsExpired(element.Life.Expires))
        {
            RemoveExpired(part, element.Life.Expires);
            return ref Unsafe.NullRef<MapElement<TPart, TValue, TLife>>();
        }

        return ref element;
    }

    private ref MapElement<TPart, TValue, TLife> FindToChange(TPart part)
    {
        ref var element = ref _store.Elements.FindToChange(new(scope.Key, part), OwnedKey<TKey, TPart>.Hash(scope.Hash, part));
        if (TLife.IsLimited && !Unsafe.IsNullRef(in element) && lifetime!.IsExpired(element.Life.Expires))
        {
            RemoveExpired(part, element.Life.Expires);
            return ref Unsafe.NullRef<MapElement<TPart, TValue, TLife>>();
        }

        return ref element;
    }

    private void Renew(ref MapElement<TPart, TValue, TLife> element)
    {
        if (TLife.IsLimited)
        {
            element.Life.Expires = lifetime!.After(element.Life.Expires);
        }
    }

    // Called before entries are counted, because entries of one map expire at different times.
    private void RemoveExpired()
    {
        if (!TLife.IsLimited)
        {
            return;
        }

        var head = _store.HeadOf(scope.Key, scope.Hash);
        var part = head.First;
        for (var left = head.Count; left > 0; left--)
        {
            ref readonly var element = ref _store.Elements.Find(new(scope.Key, part), OwnedKey<TKey, TPart>.Hash(scope.Hash, part));
            var next = element.Next;
            if (lifetime!.IsExpired(element.Life.Expires))
            {
                RemoveExpired(part, element.Life.Expires);
            }

            part = next;
        }
    }

    // Rows are ahead of the watermark: a restore may be at a time at which the entry still lived.
    private void RemoveExpired(TPart part, long expires) => _store.Remove(scope.Key, scope.Hash, part, isSaved: expires > lifetime!.Past);
}
